import { Chart } from 'cdk8s';
import {
  DataPlaneMode,
  FlaskLikeApp,
  MeshNamespace,
  type MeshNamespaceProps,
  PodSecurityLevel,
} from 'cdk8s-versioned-mesh';
import { fullNamespace } from '../../support/full';
import { refusalOf, testRefusals } from '../../support/refusal';
import { kinds, manifestsOf, newChart, only, synth } from '../../support/synth';
import { expectValid } from '../../support/valid';

test('a namespace gets sidecars from the default control plane', () => {
  const manifests = manifestsOf((chart) => new MeshNamespace(chart, 'shop'));
  expectValid(manifests);
  expect(manifests).toMatchSnapshot();
  expect(only(manifests, 'Namespace').metadata).toEqual({ name: 'shop', labels: { 'istio-injection': 'enabled' } });
});

test('a namespace of which all is said gets them from that revision, and never both labels', () => {
  const manifests = manifestsOf(fullNamespace);
  expectValid(manifests);
  expect(manifests).toMatchSnapshot();
  expect(only(manifests, 'Namespace').metadata).toEqual({
    name: 'storefront',
    labels: {
      team: 'storefront',
      'istio.io/rev': '1-30',
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/warn': 'restricted',
    },
    annotations: { 'example.com/owner': 'storefront@example.com' },
  });
});

test('one in ambient mode has no sidecars injected', () => {
  const manifests = manifestsOf((chart) => new MeshNamespace(chart, 'shop', { dataPlane: DataPlaneMode.AMBIENT }));
  expectValid(manifests);
  expect(only(manifests, 'Namespace').metadata).toEqual({
    name: 'shop',
    labels: { 'istio.io/dataplane-mode': 'ambient' },
  });
});

describe('its Pod Security Standard', () => {
  const labelsOf = (props: MeshNamespaceProps) => {
    const manifests = manifestsOf((chart) => new MeshNamespace(chart, 'shop', props));
    expectValid(manifests);
    return only(manifests, 'Namespace').metadata.labels;
  };

  test.each(Object.values(PodSecurityLevel))('%s holds for pods, and what makes pods is warned of', (podSecurity) => {
    expect(labelsOf({ podSecurity })).toEqual({
      'istio-injection': 'enabled',
      'pod-security.kubernetes.io/enforce': podSecurity,
      'pod-security.kubernetes.io/warn': podSecurity,
    });
  });

  test('is not said where nobody asks for it', () => {
    expect(labelsOf({})).toEqual({ 'istio-injection': 'enabled' });
  });

  test('leaves it to labels what is warned of, and by which release', () => {
    const labels = {
      'pod-security.kubernetes.io/warn': 'restricted',
      'pod-security.kubernetes.io/enforce-version': 'v1.36',
    };
    expect(labelsOf({ podSecurity: PodSecurityLevel.BASELINE, labels })).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'baseline',
      ...labels,
    });
  });
});

test.each([undefined, 'shop'])('it is in no namespace itself, in a chart of namespace %s', (namespace) => {
  const manifests = manifestsOf((chart) => new MeshNamespace(chart, 'shop'), { namespace });
  expectValid(manifests);
  expect(only(manifests, 'Namespace').metadata).not.toHaveProperty('namespace');
});

test('made first, it is applied first', () => {
  const manifests = manifestsOf((chart) => {
    new MeshNamespace(chart, 'shop');
    new FlaskLikeApp(chart, 'apis', { image: 'apis:1' });
  });
  expect(kinds(manifests)[0]).toBe('Namespace');
});

test('one made by two charts is noticed, whatever their namespaces', () => {
  const chart = newChart();
  const other = new Chart(chart.node.root as never, 'other', { namespace: 'elsewhere' });
  new MeshNamespace(chart, 'shop');
  new MeshNamespace(other, 'shop');
  expect(refusalOf(() => synth(chart))).toContain("Namespace 'shop' is made 2 times");
});

describe('what is refused', () => {
  const made = (props: unknown, id = 'shop') => new MeshNamespace(newChart(), id, props as never);
  testRefusals([
    ['a name with a dot', () => made({ name: 'my.shop' }), "chart/shop: name 'my.shop'", "write 'my-shop'"],
    ['an id that is no name', () => made({}, 'My Shop'), "chart/My Shop: name 'My Shop'", "write 'my-shop'"],
    ['a name that is a number', () => made({ name: 5 }), 'chart/shop: name 5', 'quotes'],
    ['a revision that is no label value', () => made({ revision: '1.30+x' }), "revision '1.30+x'", "write '1.30-x'"],
    ['an empty revision', () => made({ revision: '' }), "revision ''", 'label value'],
    ['injection switched off', () => made({ labels: { 'istio-injection': 'disabled' } }), "'disabled'", "'enabled'"],
    ['both labels', () => made({ revision: 'a', labels: { 'istio-injection': 'enabled' } }), "'istio-injection'"],
    ['a revision by label', () => made({ labels: { 'istio.io/rev': 'canary' } }), "'istio.io/rev'", 'set revision'],
    [
      'ambient mode by label',
      () => made({ labels: { 'istio.io/dataplane-mode': 'ambient' } }),
      "chart/shop: label 'istio.io/dataplane-mode' and 'istio-injection: enabled'",
      'set revision or dataPlane, and leave the label out',
    ],
    [
      'a revision in ambient mode',
      () => made({ dataPlane: 'ambient', revision: '1-30' }),
      "revision '1-30'",
      'dataPlane',
    ],
    [
      'a revision by label in ambient mode',
      () => made({ dataPlane: 'ambient', labels: { 'istio.io/rev': '1-30' } }),
      "label 'istio.io/rev' and 'istio.io/dataplane-mode: ambient'",
    ],
    [
      'injection by label in ambient mode',
      () => made({ dataPlane: 'ambient', labels: { 'istio-injection': 'enabled' } }),
      "label 'istio-injection' and",
    ],
    [
      'another data plane',
      () => made({ dataPlane: 'waypoint' }),
      "dataPlane 'waypoint' must be 'sidecar' or 'ambient'",
    ],
    ['another level', () => made({ podSecurity: 'strict' }), "podSecurity 'strict'", "'restricted'"],
    [
      'two levels',
      () => made({ podSecurity: 'restricted', labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } }),
      "label 'pod-security.kubernetes.io/enforce' is set to 'baseline'",
      "'restricted'; leave it out",
    ],
    ['null', () => made(null), 'chart/shop', "{ name: 'apis' }"],
  ]);
});
