import { Chart } from 'cdk8s';
import { FlaskLikeApp, MeshNamespace } from 'cdk8s-versioned-mesh';
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
    labels: { team: 'storefront', 'istio.io/rev': '1-30' },
    annotations: { 'example.com/owner': 'storefront@example.com' },
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
    ['null', () => made(null), 'chart/shop', "{ name: 'apis' }"],
  ]);
});
