import { Chart } from 'cdk8s';
import { VersionedBy, VersionedService, type VersionedServiceProps, type VersionOptions } from 'cdk8s-versioned-mesh';
import { refusalOf, testRefusals } from '../../support/refusal';
import { newChart, synth } from '../../support/synth';

const image = 'apis:1';
const { SERVICES } = VersionedBy;

describe('the service', () => {
  testRefusals([
    ['a name that begins with a digit', () => service({ name: '1apis' }), "chart/apis: name '1apis'", "write 'v1apis'"],
    ['a name of 64 characters', () => service({ name: 'a'.repeat(64) }), 'chart/apis: name', '64 characters', '63'],
    ['a name with a dot', () => service({ name: 'apis.shop' }), "name 'apis.shop'", "write 'apis-shop'"],
    ['an app that is no label value', () => service({ app: '-' }), "chart/apis: app '-'"],
    ['a namespace that is none', () => service({ namespace: 'Shop' }), "namespace 'Shop'", "write 'shop'"],
    ['port 0', () => service({ port: 0 }), 'chart/apis: port 0', '1 to 65535'],
    ['target port 65536', () => service({ targetPort: 65_536 }), 'chart/apis: targetPort 65536', '1 to 65535'],
    ['a target port by name', () => service({ targetPort: 'http' as never }), "targetPort 'http'", 'not a number'],
    ['a port name that hides HTTP', () => service({ portName: 'tcp-web' }), "portName 'tcp-web'", 'http-web'],
    ['a port name that is too long', () => service({ portName: 'http-abcdefghijk' }), '16 characters', 'at most 15'],
    ['a way to tell apart that is none', () => service({ versionedBy: 'headers' as never }), "'headers'", "'subsets'"],
    ['a type that is none', () => service({ serviceType: 'Public' as never }), "serviceType 'Public'", "'NodePort'"],
    ['an API version that is none', () => service({ api: 'v1' as never }), "'v1'", "'networking.istio.io/v1'"],
    ['a cluster domain that is none', () => service({ clusterDomain: 'corp local' }), "clusterDomain 'corp local'"],
    ['a label of the construct', () => service({ labels: { app: 'b' } }), "label 'app'", "'b'", "'apis'"],
    ['a DestinationRule by name', () => service({ destinationRule: 'a' as never }), "destinationRule 'a'", '{ name:'],
    ['a name of the DestinationRule that is none', () => service({ destinationRule: { name: 'A' } }), "name 'A'"],
    ['null for props', () => service(null as never), 'chart/apis', 'null', '{ port: 80 }'],
  ]);
});

describe('a version', () => {
  testRefusals([
    ['that is there already', () => versions(['v1'], ['v1']), "chart/apis: version 'v1' is there already"],
    ['by another spelling', () => versions(['1.4'], ['1-4']), "'1-4' and version '1.4'", 'set subset'],
    ['by a subset of another', () => versions(['v1'], ['v2', { subset: 'v1' }]), "'v2' and version 'v1'", 'set subset'],
    ['that is no label value', () => versions(['1.4+b']), "chart/apis: version '1.4+b'", "write '1.4-b'"],
    ['that is empty', () => versions(['']), "chart/apis: version ''", 'label value'],
    ['of 64 characters', () => versions(['1'.repeat(64)]), '64 characters', 'at most 63'],
    [
      'that with the name is too long',
      () => versions(['v'.repeat(60)]),
      'chart/apis/vvv',
      '65 characters',
      'at most 63',
    ],
    ['that YAML 1.2 reads as a number', () => versions(['0o17']), "version '0o17'", "'v0o17'"],
    ['whose subset YAML reads as a number', () => versions(['0o.7']), "subset '0o-7'"],
    ['that is a number', () => versions([1.4 as never]), 'chart/apis: version 1.4', 'quotes'],
    ['that is nothing', () => versions([undefined as never]), 'chart/apis: version undefined'],
    ['that is called like a part', () => versions(['Service']), "version 'Service'", 'something else'],
    ['that is called like a part of all', () => versions(['constructor']), "version 'constructor'", 'something else'],
    ['with a subset that is none', () => versions(['v1', { subset: 'V1' }]), "subset 'V1'", "write 'v1'"],
    ['with a name that is none', () => versions(['v1', { name: 'a_b' }]), "chart/apis/v1: name 'a_b'", "'a-b'"],
    ['on another port than the service', () => versions(['v1', { port: 8000 }], { targetPort: 9000 }), '8000', '9000'],
    ['without options', () => service().addVersion('v1', undefined as never), "chart/apis: version 'v1'", '{ image:'],
    ['without an image', () => service().addVersion('v1', {} as never), "chart/apis: version 'v1': image is missing"],
    ['with a Service that no Service is', () => versions(['v1', { name: '1' }], { versionedBy: SERVICES }), "name '1'"],
    ['with a Service by name', () => versions(['v1', { service: 'a' as never }], { versionedBy: SERVICES }), "'a'"],
    ['with a label that differs', () => versions(['v1', { labels: { version: 'x' } }]), "label 'version'", "'v1'"],
  ]);
});

describe.each(Object.values(VersionedBy))('by %s', (versionedBy) => {
  test.each<[string, Partial<VersionOptions>]>([
    ['an image that is missing', { image: undefined }],
    ['a port that is not the targetPort', { port: 8001 }],
    ['a name that is none', { name: 'a_b' }],
    ['a label that differs', { labels: { version: 'x' } }],
  ])('a version that was refused for %s leaves nothing behind, and can be added again', (_what, wrong) => {
    const props = { targetPort: 8000, versionedBy };
    const retried = service(props);
    const right = { image, port: 8000 };
    refusalOf(() => retried.addVersion('v1', { ...right, ...wrong }));
    expect(retried.versions).toEqual([]);
    retried.addVersion('v1', right);
    expect(synth(Chart.of(retried))).toEqual(synth(Chart.of(versions(props, ['v1', right]))));
  });

  test('no two versions get in the way of each other, whatever they are called', () => {
    const named = ['Service-v1', 'v1', 'OwnService', 'Service-Service-v1', 'Deployment', 'Resource'];
    const made = versions({ versionedBy }, ...named.map((name): Version => [name]));
    expect(made.versions.map(({ version }) => version)).toEqual(named);
    expect(() => synth(Chart.of(made))).not.toThrow();
  });
});

test('a Service of a version that was refused leaves no app behind', () => {
  const retried = service({ versionedBy: SERVICES });
  refusalOf(() => retried.addVersion('v1', { image, service: { name: 'A' } }));
  expect(retried.addVersion('v1', { image }).ownService?.name).toBe('apis-v1');
});

test('a version that is not known is answered with those that are', () => {
  const known = versions(['v1'], ['v2']);
  expect(refusalOf(() => known.version('v3'))).toBe(
    "chart/apis: version 'v3' is not known; the versions are: 'v1', 'v2'. Add it with addVersion first.",
  );
  expect(refusalOf(() => service().version('v1'))).toContain('none yet');
  expect(refusalOf(() => known.version('__proto__'))).toContain("'__proto__' is not known");
  expect(refusalOf(() => known.version(undefined as never))).toContain('undefined is not known');
});

test('a service without versions is reported at synthesis: nothing would answer', () => {
  const message = refusalOf(() => synth(Chart.of(service())));
  expect(message).toContain('[chart/apis] the service has no version');
  expect(message).toContain("addVersion('v1'");
});

test('a route from elsewhere needs the namespace of the service', () => {
  const open = new VersionedService(newChart({ namespace: undefined }), 'apis');
  expect(refusalOf(() => open.hostFrom('routing'))).toMatch(/chart\/apis: .*'routing'.*set namespace/);
});

function service(props?: VersionedServiceProps): VersionedService {
  return new VersionedService(newChart(), 'apis', props);
}

type Version = [version: string, options?: Partial<VersionOptions>];

/** A service with these versions; what comes last may be its props. */
function versions(...parts: (Version | VersionedServiceProps)[]): VersionedService {
  const isVersion = (part: Version | VersionedServiceProps): part is Version => Array.isArray(part);
  const made = service(parts.find((part) => !isVersion(part)) as VersionedServiceProps | undefined);
  for (const [version, options] of parts.filter(isVersion)) {
    made.addVersion(version, { image, ...options });
  }
  return made;
}
