import { FlaskLikeApp } from 'cdk8s-versioned-mesh';
import { fullApp } from '../../support/full';
import { containerIn, deploymentIn, manifestsOf, only, podIn, podLabelsIn, titles } from '../../support/synth';
import { expectValid } from '../../support/valid';

const image = 'ghcr.io/acme/apis:1.4.0';

describe('an app of which only the image is said', () => {
  const manifests = manifestsOf((chart) => new FlaskLikeApp(chart, 'apis', { image }));

  test('is this', () => {
    expectValid(manifests);
    expect(manifests).toMatchSnapshot();
  });

  test('is two pods of that image, under a budget, by the name of the id', () => {
    expect(titles(manifests)).toEqual(['ServiceAccount apis', 'Deployment apis', 'PodDisruptionBudget apis']);
    expect(deploymentIn(manifests)).toMatchObject({ replicas: 2, selector: { matchLabels: { app: 'apis' } } });
    expect(containerIn(manifests)).toMatchObject({ image, ports: [{ containerPort: 5000, name: 'http' }] });
  });

  test('asks for little, and is not throttled', () => {
    expect(containerIn(manifests).resources).toEqual({
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { memory: '512Mi' },
    });
  });

  test('runs the command of the image', () => {
    expect(containerIn(manifests)).not.toHaveProperty('command');
    expect(containerIn(manifests)).not.toHaveProperty('args');
  });

  test('has no version, since there is only one', () => {
    expect(podLabelsIn(manifests)).not.toHaveProperty('version');
  });

  test('is in the namespace of its chart', () => {
    expect(manifests.map(({ metadata }) => metadata.namespace)).toEqual(['shop', 'shop', 'shop']);
  });

  test('leaves the namespace open where the chart does', () => {
    const open = manifestsOf((chart) => new FlaskLikeApp(chart, 'apis', { image }), { namespace: undefined });
    expect(open[0].metadata).not.toHaveProperty('namespace');
    expectValid(open);
  });
});

describe.each(['replicas', 'autoscaling'] as const)('an app of which all is said, with %s', (scale) => {
  const manifests = manifestsOf((chart) => fullApp(chart, scale));

  test('is this', () => {
    expectValid(manifests);
    expect(manifests).toMatchSnapshot();
  });

  test('runs what it was told, with the environment it was told', () => {
    expect(containerIn(manifests)).toMatchObject({
      command: ['python'],
      args: ['-m', 'apis'],
      env: [{ name: 'GREETING', value: 'Bonjour' }, { name: 'TOKEN' }],
      envFrom: [{ configMapRef: { name: 'apis-settings' } }, { secretRef: { name: 'apis-keys' }, prefix: 'KEY_' }],
    });
    expect(podIn(manifests)).toMatchObject({ serviceAccountName: 'apis-account' });
  });

  test('carries its labels and annotations on every object, and those of the pods on the pods alone', () => {
    for (const { metadata } of manifests) {
      expect(metadata).toMatchObject({
        namespace: 'elsewhere',
        labels: { team: 'storefront', app: 'apis', version: '1.4.0' },
        annotations: { 'example.com/owner': 'storefront@example.com' },
      });
      expect(metadata.labels).not.toHaveProperty('tier');
    }
    expect(podLabelsIn(manifests)).toMatchObject({ tier: 'backend', app: 'apis', version: '1.4.0' });
    expect(deploymentIn(manifests).template.metadata?.annotations).toEqual({ 'sidecar.istio.io/proxyCPU': '50m' });
  });

  test('is called what it was told', () => {
    expect(titles(manifests)).toEqual([
      'Deployment directory',
      'PodDisruptionBudget directory-budget',
      ...(scale === 'autoscaling' ? ['HorizontalPodAutoscaler directory-scaler'] : []),
      'Service directory-lb',
    ]);
  });
});

test('the selector is the same wherever the construct stands, since it can never change', () => {
  const here = manifestsOf((chart) => new FlaskLikeApp(chart, 'apis', { image }));
  const elsewhere = manifestsOf((chart) => new FlaskLikeApp(chart, 'moved', { image, name: 'apis' }));
  expect(deploymentIn(elsewhere).selector).toEqual(deploymentIn(here).selector);
  expect(elsewhere).toEqual(here);
});

test('its labels are handed out as a copy', () => {
  const manifests = manifestsOf((chart) => {
    const app = new FlaskLikeApp(chart, 'apis', { image });
    (app.selectorLabels as { [key: string]: string }).app = 'other';
  });
  expect(only(manifests, 'Deployment')).toHaveProperty('spec.selector.matchLabels', { app: 'apis' });
});
