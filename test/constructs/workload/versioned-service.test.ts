/*
 * One name, several versions: that each is reached by what names it, and none by what names another.
 */
import { VersionedBy, VersionedService } from 'cdk8s-versioned-mesh';
import { fullService } from '../../support/full';
import {
  containerIn,
  deploymentIn,
  type Labels,
  type Manifest,
  manifestsOf,
  newChart,
  only,
  podLabelsIn,
  selects,
  synth,
  titles,
} from '../../support/synth';
import { expectValid } from '../../support/valid';

const { SUBSETS, SERVICES } = VersionedBy;

describe.each([SUBSETS, SERVICES])('two versions of which little is said, by %s', (versionedBy) => {
  const manifests = twoVersions(versionedBy);

  test('are this', () => {
    expectValid(manifests);
    expect(manifests).toMatchSnapshot();
  });

  test('are reached together by one name, on port 80', () => {
    const { spec } = only(manifests, 'Service', 'apis');
    expect(spec).toMatchObject({ type: 'ClusterIP', ports: [{ port: 80, name: 'http' }] });
    expect(selects(spec.selector as Labels, podLabelsIn(manifests, 'apis-v1'))).toBe(true);
    expect(selects(spec.selector as Labels, podLabelsIn(manifests, 'apis-v2'))).toBe(true);
  });

  test('are each reached on the port that they listen on, by its name', () => {
    expect(only(manifests, 'Service', 'apis')).toHaveProperty('spec.ports.0.targetPort', 'http');
    expect(containerIn(manifests, 'apis-v1').ports).toEqual([{ name: 'http', containerPort: 5000 }]);
    expect(containerIn(manifests, 'apis-v2').ports).toEqual([{ name: 'http', containerPort: 8000 }]);
  });

  test('never share a pod: a selector names the version', () => {
    for (const version of ['v1', 'v2']) {
      const selector = deploymentIn(manifests, `apis-${version}`).selector.matchLabels as Labels;
      expect(selector).toEqual({ app: 'apis', version });
      for (const other of ['v1', 'v2']) {
        expect(selects(selector, podLabelsIn(manifests, `apis-${other}`))).toBe(version === other);
      }
      expect(only(manifests, 'PodDisruptionBudget', `apis-${version}`)).toHaveProperty(
        'spec.selector.matchLabels',
        selector,
      );
    }
  });

  test('carry the labels that telemetry and Kiali read', () => {
    expect(podLabelsIn(manifests, 'apis-v2')).toMatchObject({ app: 'apis', version: 'v2' });
  });
});

test('a subset stands for the pods of its version, and for no others', () => {
  const manifests = twoVersions(SUBSETS);
  expect(titles(manifests).slice(0, 2)).toEqual(['Service apis', 'DestinationRule apis']);
  const { host, subsets } = only(manifests, 'DestinationRule').spec as {
    host: string;
    subsets: { name: string; labels: Labels }[];
  };
  expect(host).toBe('apis');
  expect(subsets.map(({ name }) => name)).toEqual(['v1', 'v2']);
  for (const { name, labels } of subsets) {
    for (const version of ['v1', 'v2']) {
      expect(selects(labels, podLabelsIn(manifests, `apis-${version}`))).toBe(name === version);
    }
  }
});

test('a Service of a version reaches its pods and no others, and there is no DestinationRule', () => {
  const manifests = twoVersions(SERVICES);
  expect(titles(manifests)).not.toContain('DestinationRule apis');
  for (const version of ['v1', 'v2']) {
    const { spec } = only(manifests, 'Service', `apis-${version}`);
    expect(spec).toMatchObject({ ports: [{ port: 80, targetPort: 'http', name: 'http' }] });
    for (const other of ['v1', 'v2']) {
      expect(selects(spec.selector as Labels, podLabelsIn(manifests, `apis-${other}`))).toBe(version === other);
    }
  }
});

describe.each([SUBSETS, SERVICES])('two versions of which all is said, by %s', (versionedBy) => {
  const manifests = manifestsOf((chart) => fullService(chart, versionedBy));

  test('are this', () => {
    expectValid(manifests);
    expect(manifests).toMatchSnapshot();
  });

  test('are called what they were told', () => {
    expect(titles(manifests)).toEqual([
      'Service directory',
      'DestinationRule directory-subsets',
      'Deployment directory-one',
      'PodDisruptionBudget directory-budget',
      ...(versionedBy === SERVICES ? ['Service directory-stable', 'DestinationRule directory-stable'] : []),
      'ServiceAccount directory-2-0-0-rc',
      'Deployment directory-2-0-0-rc',
      'PodDisruptionBudget directory-2-0-0-rc',
      'HorizontalPodAutoscaler directory-2-0-0-rc',
      ...(versionedBy === SERVICES ? ['Service directory-2-0-0-rc', 'DestinationRule directory-2-0-0-rc'] : []),
    ]);
  });

  test('are all in their namespace, with the labels and annotations of the service', () => {
    for (const { metadata } of manifests) {
      expect(metadata).toMatchObject({
        namespace: 'elsewhere',
        labels: { app: 'apis', team: 'storefront' },
        annotations: { 'example.com/owner': 'storefront@example.com' },
      });
    }
  });

  test('have labels and annotations of their own', () => {
    expect(only(manifests, 'Deployment', 'directory-one').metadata).toMatchObject({
      labels: { track: 'stable', version: '1.4.0' },
      annotations: { 'example.com/track': 'stable' },
    });
    expect(only(manifests, 'Deployment', 'directory-2-0-0-rc').metadata.labels).not.toHaveProperty('track');
  });

  test('keep the version as it is in the label, where dots are allowed', () => {
    expect(podLabelsIn(manifests, 'directory-one')).toMatchObject({ app: 'apis', version: '1.4.0' });
    expect(podLabelsIn(manifests, 'directory-2-0-0-rc')).toMatchObject({ app: 'apis', version: '2.0.0-rc' });
  });

  test('have a Service with the ports and the type that were told', () => {
    expect(only(manifests, 'Service', 'directory').spec).toMatchObject({
      type: 'NodePort',
      ports: [{ port: 8080, targetPort: 8000, name: 'http2' }],
    });
  });
});

test('subsets are called what they were told, by the API version that was told', () => {
  const manifests = manifestsOf((chart) => fullService(chart, SUBSETS));
  expect(only(manifests, 'DestinationRule')).toMatchObject({
    apiVersion: 'networking.istio.io/v1beta1',
    metadata: { labels: { rule: 'yes' }, annotations: { 'example.com/rule': 'yes' } },
    spec: {
      host: 'directory',
      subsets: [
        { name: 'one', labels: { version: '1.4.0' }, trafficPolicy: {} },
        { name: '2-0-0-rc', labels: { version: '2.0.0-rc' } },
      ],
    },
  });
});

test('the Service of a version is inside the cluster, even where that of all versions is not', () => {
  const manifests = manifestsOf((chart) => fullService(chart, SERVICES));
  expect(only(manifests, 'Service', 'directory-stable').spec).toMatchObject({ ports: [{ port: 8080 }] });
  expect(only(manifests, 'Service', 'directory-stable').spec.type ?? 'ClusterIP').toBe('ClusterIP');
  expect(only(manifests, 'Service', 'directory-stable').metadata).toMatchObject({
    labels: { own: 'yes', track: 'stable' },
    annotations: { 'example.com/own': 'yes', 'example.com/track': 'stable' },
  });
});

test.each([
  ['1.4.0', '1-4-0'],
  ['v1.4_rc', 'v1-4-rc'],
  ['V2', 'v2'],
  ['20240131', '20240131'],
  ['1e3', '1e3'],
])('version %s is %s in names, and itself in the label', (version, name) => {
  const manifests = manifestsOf((chart) =>
    new VersionedService(chart, 'apis').addVersion(version, { image: 'apis:1' }),
  );
  expectValid(manifests);
  expect(podLabelsIn(manifests, `apis-${name}`)).toMatchObject({ version });
  expect(only(manifests, 'DestinationRule').spec.subsets).toEqual([{ name, labels: { version } }]);
});

test('handles are handed out, by name too, in order', () => {
  const service = new VersionedService(newChart(), 'apis', { port: 8080 });
  const v1 = service.addVersion('v1', { image: 'apis:1' });
  const v2 = service.addVersion('v2', { image: 'apis:2', subset: 'next' });
  expect(service.version('v2')).toBe(v2);
  expect(service.versions).toEqual([v1, v2]);
  expect(v2).toMatchObject({ version: 'v2', subset: 'next', service, ownService: undefined });
  expect(v1.app?.deployment.name).toBe('apis-v1');
  expect(v2.app?.deployment.name).toBe('apis-next');
  service.versions.pop();
  expect(service.versions).toHaveLength(2);
});

describe('the name by which a route knows a service', () => {
  const service = new VersionedService(newChart(), 'apis', { clusterDomain: 'corp.local' });

  test('is short within the namespace', () => {
    expect(service.hostFrom('shop')).toBe('apis');
  });

  test('is full from everywhere else, since a short name is read where it is written', () => {
    expect(service.hostFrom('routing')).toBe('apis.shop.svc.corp.local');
    expect(service.hostFrom()).toBe('apis.shop.svc.corp.local');
    expect(new VersionedService(newChart(), 'apis').hostFrom('routing')).toBe('apis.shop.svc.cluster.local');
  });

  test('is short where nobody says a namespace', () => {
    const open = new VersionedService(newChart({ namespace: undefined }), 'apis');
    expect(open.hostFrom()).toBe('apis');
  });
});

test('versions may be added until synthesis, and each synthesis says the same', () => {
  const chart = newChart();
  const service = new VersionedService(chart, 'apis');
  service.addVersion('v1', { image: 'apis:1' });
  expect(synth(chart)).toEqual(synth(chart));
  service.addVersion('v2', { image: 'apis:2' });
  expect(only(synth(chart), 'DestinationRule').spec.subsets).toHaveLength(2);
});

function twoVersions(versionedBy: VersionedBy): Manifest[] {
  return manifestsOf((chart) => {
    const service = new VersionedService(chart, 'apis', { versionedBy });
    service.addVersion('v1', { image: 'apis:1' });
    service.addVersion('v2', { image: 'apis:2', port: 8000 });
  });
}

describe('the sidecar of a version', () => {
  const annotation = 'proxy.istio.io/config';
  const keysTo = ['spec', 'template', 'metadata', 'annotations'];

  test('stays until nothing is under way, unlike by default', () => {
    const manifests = manifestsOf((chart) => new VersionedService(chart, 'apis').addVersion('v1', { image: 'apis:1' }));
    const config = '{"proxyMetadata":{"EXIT_ON_ZERO_ACTIVE_CONNECTIONS":"true"}}';
    expect(only(manifests, 'Deployment')).toHaveProperty(keysTo, { [annotation]: config });
  });

  test('does what it is told where it is told', () => {
    const podAnnotations = { [annotation]: '{}' };
    const manifests = manifestsOf((chart) =>
      new VersionedService(chart, 'apis').addVersion('v1', { image: 'apis:1', podAnnotations }),
    );
    expect(only(manifests, 'Deployment')).toHaveProperty(keysTo, podAnnotations);
  });
});
