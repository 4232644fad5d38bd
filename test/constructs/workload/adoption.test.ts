/*
 * Names and selectors for what runs already, so that adopting it needs no patch.
 */
import { type Chart, Size } from 'cdk8s';
import { Container, NetworkPolicy } from 'cdk8s-plus-27';
import { EnvSource, FlaskLikeApp, type FlaskLikeAppProps } from 'cdk8s-versioned-mesh';
import { refusalOf, testRefusals } from '../../support/refusal';
import {
  containerIn,
  deploymentIn,
  kinds,
  type Manifest,
  manifestsOf,
  newChart,
  only,
  podIn,
  podLabelsIn,
  synth,
} from '../../support/synth';
import { expectValid } from '../../support/valid';

describe('a selector', () => {
  test('is the one that was set, and the pods carry it beside their own labels', () => {
    const manifests = app({ selector: { run: 'apis' }, version: 'v1' });
    expectValid(manifests);
    expect(deploymentIn(manifests).selector).toEqual({ matchLabels: { run: 'apis' } });
    expect(podLabelsIn(manifests)).toMatchObject({ run: 'apis', app: 'apis', version: 'v1' });
    expect(only(manifests, 'PodDisruptionBudget').spec.selector).toEqual({
      matchLabels: { app: 'apis', version: 'v1' },
    });
  });

  test('may be that of cdk8s-plus, by which it then finds the pods', () => {
    const address = 'chart-apis-Deployment-c8e2a3f4';
    const manifests = manifestsOf((chart) => {
      const { deployment } = new FlaskLikeApp(chart, 'apis', {
        image: 'apis:1',
        selector: { 'cdk8s.io/metadata.addr': address },
      });
      new NetworkPolicy(chart, 'policy', { selector: deployment, metadata: { name: 'apis' } });
    });
    expectValid(manifests);
    expect(podLabelsIn(manifests)).toMatchObject({ 'cdk8s.io/metadata.addr': address });
    expect(only(manifests, 'NetworkPolicy').spec.podSelector).toEqual({
      matchLabels: { 'cdk8s.io/metadata.addr': address },
    });
  });

  test('may be that of a Helm chart, whose values take the place of the recommended ones', () => {
    const helm = {
      'app.kubernetes.io/name': 'shop-apis',
      'app.kubernetes.io/instance': 'rel',
      'app.kubernetes.io/version': '9',
    };
    const manifests = app({ selector: helm, version: 'v1' });
    expectValid(manifests);
    expect(deploymentIn(manifests).selector).toEqual({ matchLabels: helm });
    expect(podLabelsIn(manifests)).toMatchObject({ ...helm, app: 'apis', version: 'v1' });
  });

  testRefusals([
    ['of nothing', () => app({ selector: {} }), 'chart/apis: selector is empty'],
    ['of no value', () => app({ selector: { app: '' } }), 'chart/apis: selector has labels without a value only'],
    ['that the pods do not have', () => app({ selector: { app: 'other' } }), "selector 'app'", "'other'", "'apis'"],
    ['that is no label', () => app({ selector: { run: 'a b' } }), "selector 'run': 'a b'", "write 'a-b'"],
    [
      'that a pod label contradicts',
      () => app({ selector: { run: 'a' }, podLabels: { run: 'b' } }),
      "label 'run'",
      "'b'",
    ],
  ]);
});

describe('the service account', () => {
  test('is made, called like the Deployment, before it, and hands out no token', () => {
    const manifests = app({ name: 'directory' });
    expect(kinds(manifests).slice(0, 2)).toEqual(['ServiceAccount', 'Deployment']);
    expect(only(manifests, 'ServiceAccount')).toMatchObject({
      metadata: { name: 'directory', namespace: 'shop' },
      automountServiceAccountToken: false,
    });
    expect(podIn(manifests).serviceAccountName).toBe('directory');
  });

  test('is one that is there already, where its name is set', () => {
    const manifests = app({ serviceAccountName: 'apis.robot' });
    expect(kinds(manifests)).not.toContain('ServiceAccount');
    expect(podIn(manifests).serviceAccountName).toBe('apis.robot');
    expect(refusalOf(() => app({ serviceAccountName: 'My Account' }))).toContain("serviceAccountName 'My Account'");
  });

  test('is what services know the app by', () => {
    const chart = newChart();
    const identity = { namespace: 'shop', serviceAccounts: ['apis'], podLabels: { app: 'apis' } };
    expect(new FlaskLikeApp(chart, 'apis', { image: 'apis:1' }).callerIdentity()).toEqual(identity);
    const nowhere = new FlaskLikeApp(newChart({ namespace: undefined }), 'apis', { image: 'apis:1' });
    expect(refusalOf(() => nowhere.callerIdentity())).toContain('chart/apis: is a caller, but has no namespace');
  });
});

test('container, budget and autoscaler are called what they were told', () => {
  const manifests = app({
    containerName: 'web',
    podDisruptionBudget: { name: 'budget', labels: { guards: 'apis' } },
    autoscaling: { maxReplicas: 4, name: 'scaler' },
  });
  expectValid(manifests);
  expect(containerIn(manifests).name).toBe('web');
  expect(only(manifests, 'PodDisruptionBudget').metadata).toMatchObject({ name: 'budget', labels: { guards: 'apis' } });
  expect(only(manifests, 'HorizontalPodAutoscaler').metadata.name).toBe('scaler');
  expect(only(manifests, 'HorizontalPodAutoscaler').spec.scaleTargetRef).toMatchObject({ name: 'apis' });
});

test('the recommended labels give way to those of a user, and select nothing', () => {
  const name = 'app.kubernetes.io/name';
  const manifests = manifestsOf(
    (chart) => new FlaskLikeApp(chart, 'apis', { image: 'apis:1', version: 'v1', podLabels: { [name]: 'pods' } }),
    { labels: { [name]: 'shop' } },
  );
  expect(only(manifests, 'Deployment').metadata.labels).toMatchObject({
    [name]: 'shop',
    'app.kubernetes.io/version': 'v1',
  });
  expect(podLabelsIn(manifests)).toMatchObject({ [name]: 'pods', 'app.kubernetes.io/version': 'v1' });
  const own = app({ labels: { [name]: 'own' } });
  expect(own.map(({ metadata }) => metadata.labels?.[name])).toEqual(['own', 'own', 'own']);
  expect(JSON.stringify(own.map(({ spec }) => spec?.selector))).not.toContain('app.kubernetes.io');
});

test('a container that was made elsewhere drops all capabilities, unless it names its own', () => {
  const manifests = manifestsOf((chart) => {
    const { deployment } = new FlaskLikeApp(chart, 'apis', { image: 'apis:1' });
    deployment.attachContainer(new Container({ image: 'proxy:1', name: 'proxy' }));
    const capabilities = { add: ['NET_ADMIN' as never] };
    deployment.attachContainer(new Container({ image: 'vpn:1', name: 'vpn', securityContext: { capabilities } }));
  });
  expectValid(manifests);
  expect(podIn(manifests).containers.map(({ securityContext }) => securityContext?.capabilities)).toEqual([
    { drop: ['ALL'] },
    { drop: ['ALL'] },
    { add: ['NET_ADMIN'] },
  ]);
});

test('an init container without a word on its capabilities drops all of them', () => {
  const manifests = manifestsOf((chart) => {
    const { deployment } = new FlaskLikeApp(chart, 'apis', { image: 'apis:1' });
    deployment.addInitContainer({ image: 'a:1', resources: {}, securityContext: { capabilities: undefined } });
  });
  expectValid(manifests);
  expect(podIn(manifests).initContainers).toMatchObject([{ securityContext: { capabilities: { drop: ['ALL'] } } }]);
});

describe('sources of the environment', () => {
  testRefusals([
    ['called like a number', () => EnvSource.configMap('0o7'), "EnvSource.configMap: name '0o7'", 'reads a number'],
    ['without a name', () => EnvSource.configMap(undefined as never), 'EnvSource.configMap: name undefined', 'quotes'],
    ['with a name that is none', () => EnvSource.secret('My Secret'), "EnvSource.secret: name 'My Secret'"],
    ['with a prefix that is none', () => EnvSource.secret('keys', '9_'), "EnvSource.secret: prefix '9_'"],
  ]);
});

test('what is refused leaves nothing behind', () => {
  const chart = newChart();
  for (const wrong of [
    { image: 'Apis' },
    { autoscaling: { maxReplicas: 4, name: 'A' } },
    { podLabels: { app: 'x' } },
  ]) {
    refusalOf(() => new FlaskLikeApp(chart, 'apis', { image: 'apis:1', ...wrong }));
    expect(chart.node.children).toEqual([]);
  }
  const app = new FlaskLikeApp(chart, 'apis', { image: 'apis:1' });
  refusalOf(() => app.expose({ name: 'Not A Name' }));
  app.expose();
  expect(kinds(synth(chart))).toEqual(['ServiceAccount', 'Deployment', 'PodDisruptionBudget', 'Service']);
});

test('lists and maps that change afterwards change nothing', () => {
  const chart = newChart();
  const props = {
    image: 'apis:1',
    args: ['a'],
    labels: { team: 'a' },
    podLabels: { tier: 'a' },
    writablePaths: ['/a'],
  };
  new FlaskLikeApp(chart, 'apis', props);
  props.args.push('b');
  props.labels.team = props.podLabels.tier = 'b';
  const manifests = synth(chart);
  expect(containerIn(manifests).args).toEqual(['a']);
  expect(only(manifests, 'Deployment').metadata.labels).toMatchObject({ team: 'a' });
  expect(podLabelsIn(manifests)).toMatchObject({ tier: 'a' });
});

describe('names that kubectl takes for numbers', () => {
  testRefusals([
    ['of the chart', () => manifestsOf(made, { namespace: '0o7' }), "namespace '0o7'", 'reads a number'],
    ['of the construct', () => new FlaskLikeApp(newChart(), '0o7', { image: 'a:1' }), "name '0o7'", 'reads a number'],
  ]);
});

describe('options of what is not made', () => {
  const podDisruptionBudget = { name: 'budget' };
  testRefusals([
    [
      'of a budget of one pod',
      () => app({ replicas: 1, podDisruptionBudget }),
      'podDisruptionBudget is for two',
      'one',
    ],
    ['of a budget of none', () => app({ replicas: 0, podDisruptionBudget }), 'podDisruptionBudget is for two', 'none'],
    [
      'of a budget of one that scales',
      () => app({ autoscaling: { minReplicas: 1, maxReplicas: 1 }, podDisruptionBudget }),
      'podDisruptionBudget is for two',
    ],
    [
      'of no writable path',
      () => app({ writablePaths: [], writableSizeLimit: Size.mebibytes(1) }),
      'writableSizeLimit is for writablePaths',
      'leave it out',
    ],
  ]);
});

describe('options that do not exist', () => {
  testRefusals([
    ['of an app', () => app({ replica: 3 } as never), "option 'replica' is not known; did you mean 'replicas'?"],
    [
      'of its resources',
      () => app({ resources: { cpu: { requests: 1 } } } as never),
      "'resources.cpu.requests'",
      "'request'",
    ],
    ['of its autoscaling', () => app({ autoscaling: { maxReplica: 3 } } as never), "'autoscaling.maxReplica'"],
    ['of its labels, which are a word', () => app({ labels: 'abc' } as never), "labels 'abc'", '{ team:'],
    ['of a label that kubectl takes for a number', () => app({ labels: { build: '0o17' } }), "labels['build'] '0o17'"],
    ['of a variable with half a character', () => app({ args: ['\ud800'] }), 'args[0]', 'U+D800'],
  ]);
});

function made(chart: Chart): void {
  new FlaskLikeApp(chart, 'apis', { image: 'apis:1' });
}

function app(props: Partial<FlaskLikeAppProps>): Manifest[] {
  return manifestsOf((chart) => new FlaskLikeApp(chart, 'apis', { image: 'apis:1', ...props }));
}
