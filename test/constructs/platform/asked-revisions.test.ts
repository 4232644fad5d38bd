/*
 * Gateways and webhooks that ask for a control plane which the app does not install.
 */
import { App, Chart } from 'cdk8s';
import {
  IstioBase,
  Istiod,
  IstioGateway,
  IstioPlatform,
  type IstioPlatformProps,
  MeshNamespace,
} from 'cdk8s-versioned-mesh';
import { FakeHelm } from '../../support/fake-helm';
import { refusalOf } from '../../support/refusal';

const helm = new FakeHelm({ objects: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: RELEASE, namespace: mesh}\n' });
const common = { charts: helm.charts, helm: helm.path };

afterAll(() => helm.remove());

const ELSEWHERE = 'cdk8s-versioned-mesh/exists-elsewhere';

const NOTHING = () => undefined;

/** What synthesis says of an app with a platform and what is made beside it. */
function complaintsOf(
  props: Partial<IstioPlatformProps>,
  beside: (chart: Chart) => unknown = NOTHING,
  elsewhere = '',
): string[] {
  const app = new App();
  app.node.setContext(ELSEWHERE, elsewhere);
  beside(new IstioPlatform(app, 'istio', { ...common, ...props }));
  const complaints = app.node.validate();
  if (complaints.length > 0) {
    expect(refusalOf(() => app.synthYaml())).toContain(complaints[0]);
  }
  return complaints;
}

const older = (revision?: string) => (chart: Chart) => new Istiod(chart, 'older', { ...common, revision });

test.each<[Partial<IstioPlatformProps>, (chart: Chart) => unknown, elsewhere: string]>([
  [{}, NOTHING, ''],
  [{ revision: '1-31' }, NOTHING, ''],
  [{ revision: '1-32', defaultRevision: '1-31' }, older('1-31'), ''],
  [{ revision: '1-32', defaultRevision: 'default' }, older(), ''],
  [{ revision: '1-32', defaultRevision: '1-31' }, NOTHING, '1-30, 1-31'],
  [{ revision: '1-32', defaultRevision: 'default' }, NOTHING, 'default'],
])('a platform %j is whole', (props, beside, elsewhere) => {
  expect(complaintsOf(props, beside, elsewhere)).toEqual([]);
});

test('a default revision that is not installed', () => {
  const [gateway, base, ...more] = complaintsOf({ revision: '1-32', defaultRevision: '1-30' }).sort().reverse();
  expect(base).toBe(
    "istio/base has revision '1-30' for its defaultRevision, and the app installs no Istiod of this revision (istio/istiod of revision '1-32'): the webhook that validates Istio's objects would ask the Service 'istiod-1-30', which is not there, and as its failurePolicy is Fail, the API server would refuse every object of Istio's kinds. For an Istiod of the app, write defaultRevision: '1-32'; for one that is there already, set the context 'cdk8s-versioned-mesh/exists-elsewhere' to '1-30' on the app.",
  );
  expect(gateway).toBe(
    "istio/gateway asks for revision '1-30', and the app installs no Istiod of this revision or tag (istio/istiod of revision '1-32'): nobody would put the proxy in place of the image 'auto', which is none, and the gateway's pods would not start. For an Istiod of the app, write revision: '1-32'; for one that is there already, set the context 'cdk8s-versioned-mesh/exists-elsewhere' to '1-30' on the app.",
  );
  expect(more).toEqual([]);
});

test('a base whose default is not told', () => {
  const app = new App();
  const chart = new Chart(app, 'istio');
  new IstioBase(chart, 'base', common);
  expect(app.node.validate()).toEqual([]);
  new Istiod(chart, 'istiod', { ...common, revision: '1-31', revisionTags: ['default'] });
  expect(app.node.validate()).toEqual([
    expect.stringContaining(
      "has the default revision for its defaultRevision, and the app installs no Istiod of this revision (istio/istiod of revision '1-31'): the webhook that validates Istio's objects would ask the Service 'istiod', which",
    ),
  ]);
});

test('a tag is a name for a gateway, and not for the webhook, which asks a Service by revision', () => {
  const tagged = (chart: Chart) => new Istiod(chart, 'older', { ...common, revision: '1-31', revisionTags: ['prod'] });
  const complaints = complaintsOf({ revision: '1-32', defaultRevision: 'prod' }, tagged);
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toContain("would ask the Service 'istiod-prod'");
  expect(complaints[0]).toContain("write defaultRevision: '1-32' or '1-31'");
});

describe('a gateway', () => {
  test('of a revision that is not installed', () => {
    const [complaint, ...more] = complaintsOf(
      {},
      (chart) => new IstioGateway(chart, 'second', { ...common, name: 'front', revision: '1-30' }),
    );
    expect(complaint).toContain("istio/second asks for revision '1-30'");
    expect(complaint).toContain('For an Istiod of the app, leave revision out;');
    expect(more).toEqual([]);
  });

  test('of none, where only revisions are installed', () => {
    const front = (chart: Chart) => new IstioGateway(chart, 'second', { ...common, name: 'front', namespace: 'edge' });
    const props = { revision: '1-32', defaultRevision: '1-31' };
    const [complaint, ...more] = complaintsOf(props, (chart) => [older('1-31')(chart), front(chart)]);
    expect(complaint).toContain('istio/second asks for the default revision');
    expect(complaint).toContain("write revision: '1-32' or '1-31'");
    expect(more).toEqual([]);
    const inNamespace = (chart: Chart) => [
      older('1-31')(chart),
      front(chart),
      new MeshNamespace(chart, 'edge', { revision: '1-31' }),
    ];
    expect(complaintsOf(props, inNamespace)).toEqual([]);
  });
});
