/*
 * What a cluster has once, and an app twice: one sentence, where the second is made.
 */
import { App, Chart } from 'cdk8s';
import {
  IstioBase,
  IstioCni,
  Istiod,
  type IstiodProps,
  IstioGateway,
  type IstioGatewayProps,
  IstioPlatform,
  Ztunnel,
} from 'cdk8s-versioned-mesh';
import { Construct } from 'constructs';
import { FakeHelm } from '../../support/fake-helm';
import { refusalOf } from '../../support/refusal';
import { newChart } from '../../support/synth';

const helm = new FakeHelm();
const common = { charts: helm.charts, helm: helm.path };

afterAll(() => helm.remove());

const CLUSTERS = "if the two are for different clusters, set the context 'cdk8s-versioned-mesh/cluster' above each.";

describe('two control planes', () => {
  const second = (first: Partial<IstiodProps>, props: Partial<IstiodProps>) => {
    const chart = newChart();
    new Istiod(chart, 'one', { ...common, ...first });
    new Istiod(chart, 'two', { ...common, ...props });
  };

  test('without a revision', () => {
    expect(refusalOf(() => second({}, { namespace: 'other' }))).toBe(
      `chart/two: chart/one has the name 'default', which one without a revision has, too, already, and who names it would get sidecars of either; give the second a revision of its own, and where the IstioPlatform has one that is not to be the default yet, defaultRevision: 'default'; ${CLUSTERS}`,
    );
  });

  test.each<[Partial<IstiodProps>, Partial<IstiodProps>, string]>([
    [{}, { revision: '1-31', revisionTags: ['default'] }, "defaultRevision: 'default'"],
    [{ revision: '1-31' }, { revision: '1-31' }, "chart/one has the name '1-31' already"],
    [{ revision: '1-31', revisionTags: ['prod'] }, { revision: '1-32', revisionTags: ['prod'] }, "the name 'prod'"],
    [{ revision: '1-31', revisionTags: ['prod'] }, { revision: 'prod' }, "the name 'prod'"],
  ])('%j and %j', (first, props, says) => {
    expect(refusalOf(() => second(first, props))).toContain(says);
  });

  test('of other names are none of this, nor is a second try', () => {
    second({}, { revision: '1-31', revisionTags: ['prod'] });
    const chart = newChart();
    expect(refusalOf(() => new Istiod(chart, 'one', { ...common, minReplicas: 0 }))).toContain('minReplicas 0');
    expect(() => new Istiod(chart, 'one', common)).not.toThrow();
  });

  test('from no revision to the first one', () => {
    const step = (defaultRevision?: string) => {
      const istio = new IstioPlatform(new App(), 'istio', { ...common, revision: '1-32', defaultRevision });
      new Istiod(istio, 'older', common);
      return istio;
    };
    expect(refusalOf(() => step())).toContain("defaultRevision: 'default'");
    expect(step('default').istiod.revisionTags).toEqual([]);
  });
});

test.each([
  ['IstioBase', IstioBase, "Istio's kinds are"],
  ['IstioCni', IstioCni, 'the CNI plugin is'],
  ['Ztunnel', Ztunnel, 'ztunnel is'],
])('a second %s', (_, Part, what) => {
  const chart = newChart();
  new Part(chart, 'one', common);
  expect(refusalOf(() => new Part(chart, 'two', { ...common, namespace: 'other' }))).toBe(
    `chart/two: ${what} installed by chart/one already, and a cluster has them once; for a second control plane make an Istiod with a revision, for a second gateway an IstioGateway; ${CLUSTERS}`,
  );
});

test('a second platform, before Helm is asked, unless it is for another cluster', () => {
  const app = new App();
  new IstioPlatform(app, 'one', common);
  const calls = helm.calls.length;
  expect(refusalOf(() => new IstioPlatform(app, 'two', common))).toContain(
    "two/base: Istio's kinds are installed by one/base already",
  );
  expect(helm.calls).toHaveLength(calls);
  const eu = new Construct(app, 'eu');
  eu.node.setContext('cdk8s-versioned-mesh/cluster', 'eu');
  expect(() => new IstioPlatform(eu, 'two', common)).not.toThrow();
});

test('a second gateway', () => {
  const app = new App();
  const make = (id: string, props: Partial<IstioGatewayProps>) =>
    new IstioGateway(new Chart(app, id), 'gateway', { ...common, ...props });
  make('one', {});
  expect(refusalOf(() => make('two', { revision: '1-31' }))).toBe(
    `two/gateway: gateway 'istio-ingressgateway' in namespace 'istio-ingress' is made by one/gateway already; give the second another name or namespace; ${CLUSTERS}`,
  );
  expect(() => make('three', { name: 'front' })).not.toThrow();
  expect(() => make('four', { namespace: 'edge' })).not.toThrow();
});
