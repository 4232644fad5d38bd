/*
 * Namespaces that ask for what the Istio of the same app does not do.
 */
import { ApiObject, App, Chart } from 'cdk8s';
import {
  DataPlaneMode,
  FlaskLikeApp,
  Istiod,
  type IstiodProps,
  MeshNamespace,
  type MeshNamespaceProps,
  PodSecurityLevel,
} from 'cdk8s-versioned-mesh';
import { FakeHelm } from '../../support/fake-helm';
import { FakeIstiod } from '../../support/fake-istio';
import { refusalOf } from '../../support/refusal';

type IstiodOptions = Omit<IstiodProps, 'charts'>;

const AMBIENT = { dataPlane: DataPlaneMode.AMBIENT };
const RESTRICTED = { podSecurity: PodSecurityLevel.RESTRICTED };

describe('nothing is said', () => {
  test.each<[what: string, namespace: MeshNamespaceProps, ...istiods: IstiodOptions[]]>([
    ['where the app installs no Istio', { revision: '1-30' }],
    ['of the default', {}, {}],
    ['of the default by its name', { revision: 'default' }, {}],
    ['of the default by a tag', {}, { revision: '1-31', revisionTags: ['default'] }],
    ['of a revision', { revision: '1-31' }, { revision: '1-31' }],
    ['of a tag', { revision: 'prod' }, { revision: '1-31', revisionTags: ['canary', 'prod'] }],
    ['of one revision of two', { revision: '1-31' }, { revision: '1-30' }, { revision: '1-31' }],
    ['of ambient mode', AMBIENT, AMBIENT],
    ['of sidecars beside ambient mode', {}, AMBIENT],
    ['of ambient mode beside sidecars', AMBIENT, { revision: '1-30' }, { ...AMBIENT, revision: '1-31' }],
    ['of restricted pods with the CNI plugin', RESTRICTED, { cni: true }],
    ['of restricted pods without a sidecar', { ...AMBIENT, ...RESTRICTED }, AMBIENT],
    ['of privileged pods', { podSecurity: PodSecurityLevel.PRIVILEGED }, {}],
    [
      'of a revision that is known to be there',
      { revision: '1-30', annotations: { 'cdk8s-versioned-mesh/exists-elsewhere': '1-29, 1-30' } },
      { revision: '1-31' },
    ],
  ])('%s', (_what, namespace, ...istiods) => {
    expect(complaintsAbout(namespace, ...istiods)).toEqual([]);
  });
});

describe('pods without a sidecar', () => {
  test('a revision that is not installed', () => {
    const [complaint, ...more] = complaintsAbout({ revision: '1-30' }, { revision: '1-31', revisionTags: ['prod'] });
    expect(complaint).toBe(
      "Namespace 'shop' (apps/shop/Namespace/Resource) has the label 'istio.io/rev: 1-30', and the app installs no Istiod of revision or tag '1-30' (istio/istiod-0 of revision '1-31'): its pods would start without a sidecar, and nothing says so. For an Istiod of the app, write revision: '1-31' or 'prod', or give it revisionTags: ['1-30']; for one that is there already, add the annotation 'cdk8s-versioned-mesh/exists-elsewhere: 1-30' to the namespace.",
    );
    expect(more).toEqual([]);
  });

  test('a revision where only the default is installed', () => {
    const [complaint] = complaintsAbout({ revision: '1-30' }, {});
    expect(complaint).toContain('leave revision out of the namespace');
  });

  test('the default where only revisions are installed', () => {
    const [complaint] = complaintsAbout({}, { revision: '1-30' }, { revision: '1-31' });
    expect(complaint).toContain("has the label 'istio-injection: enabled'");
    expect(complaint).toContain("no Istiod without a revision or with the tag 'default'");
    expect(complaint).toContain("write revision: '1-30' or '1-31', or give it revisionTags: ['default']");
  });

  test('a revision that is installed in another cluster', () => {
    const { app } = built({ revision: '1-31' }, { revision: '1-31' });
    const elsewhere = new Chart(app, 'elsewhere');
    elsewhere.node.setContext('cdk8s-versioned-mesh/cluster', 'eu');
    new MeshNamespace(elsewhere, 'shop', { revision: '1-32' });
    expect(validate(app)).toEqual([]);
    new FakeIstiod(elsewhere, 'istiod', { revision: '1-30' });
    expect(validate(app)[0]).toContain("(elsewhere/istiod of revision '1-30')");
  });

  test('a plain Namespace is held against it as well', () => {
    const { app, apps } = built({}, {});
    const metadata = { name: 'batch', labels: { 'istio.io/rev': '1-30' } };
    new ApiObject(apps, 'batch', { apiVersion: 'v1', kind: 'Namespace', metadata });
    expect(validate(app)[0]).toContain("Namespace 'batch' (apps/batch) has the label 'istio.io/rev: 1-30'");
  });
});

test('ambient pods outside the mesh', () => {
  const [complaint] = complaintsAbout(AMBIENT, { revision: '1-31' });
  expect(complaint).toContain("has the label 'istio.io/dataplane-mode: ambient'");
  expect(complaint).toContain(
    "istio/istiod-0 of revision '1-31' is not in ambient mode: its pods would start outside the mesh",
  );
  expect(complaint).toContain('Set dataPlane: DataPlaneMode.AMBIENT there');
});

describe('pods that the API server refuses', () => {
  test.each([
    [PodSecurityLevel.BASELINE, 'violates PodSecurity "baseline:latest": non-default capabilities'],
    [PodSecurityLevel.RESTRICTED, 'violates PodSecurity "restricted:latest": unrestricted capabilities'],
  ])('%s, with sidecars and without the CNI plugin', (podSecurity, words) => {
    const [complaint, ...more] = complaintsAbout(
      { podSecurity, revision: '1-31' },
      { revision: '1-31' },
      { cni: true },
    );
    expect(complaint).toContain(
      `has the label 'pod-security.kubernetes.io/enforce: ${podSecurity}', and istio/istiod-0`,
    );
    expect(complaint).toContain(
      `${words} (container "istio-init" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add)`,
    );
    expect(complaint).toContain('Set cni: true there');
    expect(more).toEqual([]);
  });
});

describe('a real Istiod', () => {
  const helm = new FakeHelm();
  afterAll(() => helm.remove());

  test.each<[IstiodOptions, MeshNamespaceProps, words: string]>([
    [{}, RESTRICTED, '"istio-init" must not include'],
    [{ values: { cni: { enabled: true } } }, RESTRICTED, ''],
    [AMBIENT, { ...AMBIENT, ...RESTRICTED }, ''],
    [{}, AMBIENT, 'control-plane/istiod is not in ambient mode'],
    [{ revision: '1-31' }, {}, "control-plane/istiod of revision '1-31'"],
    [{ revision: '1-31', revisionTags: ['default'] }, {}, ''],
  ])('of %j for %j', (props, namespace, words) => {
    const { app } = built(namespace);
    new FlaskLikeApp(app.charts[0], 'apis', { image: 'apis:1', namespace: 'shop' });
    new Istiod(new Chart(app, 'control-plane'), 'istiod', { charts: helm.charts, helm: helm.path, ...props });
    const complaints = validate(app);
    expect(complaints).toHaveLength(words === '' ? 0 : 1);
    expect(complaints.join()).toContain(words);
    expect(app.charts.map(({ node }) => node.id)).toEqual(['control-plane', 'apps', 'istio']);
  });
});

function complaintsAbout(namespace: MeshNamespaceProps, ...istiods: IstiodOptions[]): string[] {
  return validate(built(namespace, ...istiods).app);
}

function built(namespace: MeshNamespaceProps, ...istiods: IstiodOptions[]) {
  const app = new App();
  const [apps, istio] = [new Chart(app, 'apps'), new Chart(app, 'istio')];
  new MeshNamespace(apps, 'shop', namespace);
  istiods.forEach((props, index) => {
    new FakeIstiod(istio, `istiod-${index}`, props);
  });
  return { app, apps };
}

/** What synthesis would fail with, which is one sentence each. */
function validate(app: App): string[] {
  const complaints = app.node.findAll().flatMap(({ node }) => node.validate());
  if (complaints.length > 0) {
    expect(refusalOf(() => app.synthYaml())).toContain(complaints[0]);
  }
  return complaints;
}
