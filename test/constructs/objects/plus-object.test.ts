/*
 * Objects of cdk8s-plus are written as they are, with all that JSON patches say, whatever Kubernetes its classes know.
 */
import { ApiObject, JsonPatch } from 'cdk8s';
import { type HorizontalPodAutoscaler, k8s } from 'cdk8s-plus-27';
import { FlaskLikeApp, MeshNamespace } from 'cdk8s-versioned-mesh';
import { writeInFull } from '../../../src/constructs/objects/plus-object';
import { deploymentIn, manifestsOf, newChart, only, podIn } from '../../support/synth';

const POD = '/spec/template/spec';

test('a patch may set any field of a pod, also those that came later', () => {
  const manifests = patched(({ deployment }) => {
    deployment.addInitContainer({ image: 'proxy:1', name: 'proxy', resources: {} });
    return [
      deployment,
      JsonPatch.add(`${POD}/initContainers/0/restartPolicy`, 'Always'),
      JsonPatch.add(`${POD}/containers/0/restartPolicyRules`, [{ action: 'Restart' }]),
      JsonPatch.add(`${POD}/containers/0/securityContext/appArmorProfile`, { type: 'RuntimeDefault' }),
      JsonPatch.replace(`${POD}/containers/0/lifecycle/preStop`, { sleep: { seconds: 3 } }),
      JsonPatch.add(`${POD}/hostUsers`, false),
      JsonPatch.add(`${POD}/resources`, { limits: { cpu: '1' } }),
      JsonPatch.add('/spec/template/metadata/labels/late', 'yes'),
    ];
  });
  const { template } = deploymentIn(manifests);
  expect(template.metadata?.labels).toMatchObject({ late: 'yes' });
  expect(podIn(manifests)).toMatchObject({
    hostUsers: false,
    resources: { limits: { cpu: '1' } },
    initContainers: [{ name: 'proxy', restartPolicy: 'Always' }],
    containers: [
      {
        restartPolicyRules: [{ action: 'Restart' }],
        lifecycle: { preStop: { sleep: { seconds: 3 } } },
        securityContext: { appArmorProfile: { type: 'RuntimeDefault' }, readOnlyRootFilesystem: true },
      },
    ],
  });
});

test('a patch may write plainly what cdk8s-plus has classes for', () => {
  const manifests = patched(({ deployment }) => [
    deployment,
    JsonPatch.replace(`${POD}/containers/0/resources/limits/memory`, '1Gi'),
    JsonPatch.add(`${POD}/containers/0/resources/limits/cpu`, k8s.Quantity.fromString('2')),
    JsonPatch.replace(`${POD}/containers/0/readinessProbe/tcpSocket/port`, 'http'),
    JsonPatch.add('/spec/strategy', { rollingUpdate: { maxSurge: '50%', maxUnavailable: 0 } }),
  ]);
  expect(podIn(manifests).containers[0]).toMatchObject({
    resources: { limits: { cpu: '2', memory: '1Gi' } },
    readinessProbe: { tcpSocket: { port: 'http' } },
  });
  expect(deploymentIn(manifests).strategy).toEqual({ rollingUpdate: { maxSurge: '50%', maxUnavailable: 0 } });
});

test('a patch may set any field of the other objects', () => {
  const manifests = patched((app) => {
    const service = app.expose();
    ApiObject.of(service).addJsonPatch(JsonPatch.add('/spec/clusterIP', 'None'));
    ApiObject.of(app.autoscaler as HorizontalPodAutoscaler).addJsonPatch(
      JsonPatch.add('/spec/behavior', { scaleUp: { tolerance: '0.1' } }),
    );
    return [
      service,
      JsonPatch.add('/spec/trafficDistribution', 'PreferClose'),
      JsonPatch.replace('/spec/ports/0/targetPort', 'http'),
    ];
  });
  expect(only(manifests, 'Service').spec).toMatchObject({
    clusterIP: 'None',
    trafficDistribution: 'PreferClose',
    ports: [{ name: 'http', port: 80, targetPort: 'http' }],
  });
  expect(only(manifests, 'HorizontalPodAutoscaler').spec.behavior).toMatchObject({ scaleUp: { tolerance: '0.1' } });
  const namespaces = manifestsOf((chart) => {
    const { resource } = new MeshNamespace(chart, 'shop');
    ApiObject.of(resource).addJsonPatch(JsonPatch.add('/spec', { finalizers: ['kubernetes'] }));
  });
  expect(only(namespaces, 'Namespace').spec).toEqual({ finalizers: ['kubernetes'] });
});

test('fields are written once, by their name in the manifest', () => {
  const manifests = patched(({ deployment }) => [
    deployment,
    JsonPatch.add(`${POD}/volumes/-`, { name: 'disk', awsElasticBlockStore: { volumeId: 'a' } }),
    JsonPatch.add(`${POD}/hostPid`, false),
  ]);
  expect(podIn(manifests).volumes?.at(-1)).toEqual({ name: 'disk', awsElasticBlockStore: { volumeID: 'a' } });
  expect(podIn(manifests)).toHaveProperty('hostPID', false);
  expect(podIn(manifests)).not.toHaveProperty('hostPid');
});

test('what patches add stands among the other fields, in the order of their names', () => {
  const manifests = patched(({ deployment }) => [deployment, JsonPatch.add(`${POD}/activeDeadlineSeconds`, 9)]);
  for (const fields of [deploymentIn(manifests), deploymentIn(manifests).template, podIn(manifests)]) {
    expect(Object.keys(fields)).toEqual(Object.keys(fields).sort());
  }
});

test('cdk8s-plus copies no labels, which takes it time quadratic in their number', () => {
  const chart = newChart();
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`label-${index}`, 'x']));
  const app = new FlaskLikeApp(chart, 'apis', {
    image: 'apis:1',
    labels: many,
    podLabels: many,
    selector: many,
    autoscaling: { maxReplicas: 3 },
  });
  const service = app.expose();
  let copied = 0;
  for (const resource of [app.deployment, service, app.autoscaler as HorizontalPodAutoscaler]) {
    const object = ApiObject.of(resource);
    const plus = object.constructor as unknown as { manifest(props: object): object };
    jest.spyOn(plus, 'manifest').mockImplementationOnce((props) => {
      copied += JSON.stringify(props).match(/label-/g)?.length ?? 0;
      return { spec: { template: {} } };
    });
    expect(object.toJson().metadata.labels).toMatchObject(many);
  }
  expect(copied).toBe(0);
});

test('the base class is that of the object, which may be of another copy of cdk8s', () => {
  class OtherApiObject extends ApiObject {
    public override toJson(): object {
      return { ...super.toJson(), spec: { other: true } };
    }
  }
  class OtherKind extends OtherApiObject {
    public static manifest(props: object): object {
      return props;
    }
  }
  const object = new OtherKind(newChart(), 'other', { apiVersion: 'v1', kind: 'Other' });
  writeInFull(object as never);
  expect(object.toJson()).toMatchObject({ kind: 'Other', spec: { other: true } });
});

/** The objects of an app with an autoscaler, of which one is patched. */
function patched(act: (app: FlaskLikeApp) => [Parameters<typeof ApiObject.of>[0], ...JsonPatch[]]) {
  return manifestsOf((chart) => {
    const app = new FlaskLikeApp(chart, 'apis', { image: 'apis:1', autoscaling: { maxReplicas: 3 } });
    const [resource, ...patches] = act(app);
    ApiObject.of(resource).addJsonPatch(...patches);
  });
}
