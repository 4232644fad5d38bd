/*
 * A construct that is refused is not in the tree: a second one of the same id can be made. An id with a '/' is another in the
 * tree than it was given.
 */
import type { Chart } from 'cdk8s';
import { FlaskLikeApp, IngressGateway, IstioGateway, MeshNamespace, VersionedService } from 'cdk8s-versioned-mesh';
import { FakeHelm } from '../../support/fake-helm';
import { refusalOf } from '../../support/refusal';
import { newChart } from '../../support/synth';

const helm = new FakeHelm();
const platform = { charts: helm.charts, helm: helm.path };

afterAll(() => helm.remove());

const CONSTRUCTS: [string, (chart: Chart, id: string, props: { name: string }) => unknown][] = [
  ['FlaskLikeApp', (chart, id, props) => new FlaskLikeApp(chart, id, { image: 'apis:1', ...props })],
  ['VersionedService', (chart, id, props) => new VersionedService(chart, id, props)],
  ['MeshNamespace', (chart, id, props) => new MeshNamespace(chart, id, props)],
  ['IngressGateway', (chart, id, props) => new IngressGateway(chart, id, props)],
  ['IstioGateway', (chart, id, props) => new IstioGateway(chart, id, { ...platform, ...props })],
];

describe.each(CONSTRUCTS)('%s', (_name, make) => {
  test.each(['apis', 'shop/apis'])('%s', (id) => {
    const chart = newChart();
    expect(refusalOf(() => make(chart, id, { name: 'Not A Name' }))).toContain("name 'Not A Name'");
    expect(chart.node.children).toEqual([]);
    expect(() => make(chart, id, { name: 'apis' })).not.toThrow();
    expect(chart.node.children).toHaveLength(1);
  });
});
