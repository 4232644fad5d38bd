/*
 * Whatever services there are, and whomever they and their mesh declare: exactly those come in, by both kinds of policy.
 */
import {
  Caller,
  HeaderRoutedMesh,
  type ICaller,
  MeshSecurity,
  TrafficSource,
  VersionedService,
} from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { answerOfSidecar, type Client, passesNetwork } from '../../support/policies';
import { refusalOf } from '../../support/refusal';
import { type Manifest, manifestsOf } from '../../support/synth';

const NAMESPACES = ['one', 'two', 'three'];

/** Workloads of the world: pod labels, account, place. Some differ in one of these only, and each may be declared. */
const SERVICES = ['cart', 'web', 'stock'];

type Declared =
  | { readonly by: 'service'; readonly name: string }
  | { readonly by: 'account'; readonly namespace: string; readonly name: string }
  | { readonly by: 'namespace'; readonly namespace: string };

const declared: fc.Arbitrary<Declared> = fc.oneof(
  fc.record({ by: fc.constant('service' as const), name: fc.constantFrom(...SERVICES) }),
  fc.record({
    by: fc.constant('account' as const),
    namespace: fc.constantFrom(...NAMESPACES),
    name: fc.constantFrom(...SERVICES, 'job'),
  }),
  fc.record({ by: fc.constant('namespace' as const), namespace: fc.constantFrom(...NAMESPACES) }),
);
const callers = fc.array(declared, { maxLength: 3 });

const worlds = fc.record({
  /** Where each service lives. */
  places: fc.tuple(...SERVICES.map(() => fc.constantFrom(...NAMESPACES))),
  /** Whom each declares. */
  own: fc.tuple(...SERVICES.map(() => callers)),
  ofMesh: callers,
  /** The place of the gateway's pods; without one, the mesh routes from inside only. */
  gateway: fc.option(fc.constantFrom(...NAMESPACES)),
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

test('exactly those who are declared come in', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const forgotten = SERVICES.some((_, index) => callersOf(world, index).length === 0);
      if (forgotten) {
        expect(refusalOf(() => make(world))).toContain('nobody may call');
        return;
      }
      const manifests = make(world);
      SERVICES.forEach((name, index) => {
        const server = { namespace: world.places[index], labels: { app: name, version: 'v1' } };
        const allowed = callersOf(world, index);
        const [asAccounts, asPods] = [isAccount, isPod].map((is) =>
          CLIENTS.filter((client) => allowed.some((one) => is(world, one, client))),
        );
        const answers = (client: Client) => answerOfSidecar(manifests, client, server);
        expect(CLIENTS.filter((client) => answers(client) === 'app')).toEqual(asAccounts);
        expect(CLIENTS.filter((client) => passesNetwork(manifests, client, server))).toEqual(asPods);
        expect(CLIENTS.filter((client) => answers({ ...client, isInMesh: false }) !== 'reset')).toEqual([]);
      });
    }),
    { numRuns: 100 },
  );
});

/** Every account of every namespace, in pods of every app. */
const CLIENTS: readonly Client[] = NAMESPACES.flatMap((namespace) =>
  [...SERVICES, 'job', 'gateway'].flatMap((account) =>
    ['cart', 'web', 'stock', 'door'].map((app) => ({ namespace, account, labels: { app }, isInMesh: true })),
  ),
);

type Allowed = Declared | { readonly by: 'gateway'; readonly namespace: string };

function callersOf({ own, ofMesh, gateway }: World, index: number): Allowed[] {
  const atGateway = index === 0 && gateway !== null ? [{ by: 'gateway' as const, namespace: gateway }] : [];
  return [...atGateway, ...ofMesh, ...own[index]];
}

/** What the sidecar sees of a client. */
function isAccount(world: World, one: Allowed, { namespace, account }: Client): boolean {
  const name = one.by === 'gateway' ? 'gateway' : one.by === 'namespace' ? account : one.name;
  return placeOf(world, one) === namespace && name === account;
}

/** What the network sees of it. */
function isPod(world: World, one: Allowed, { namespace, labels }: Client): boolean {
  const app = one.by === 'gateway' ? 'door' : one.by === 'service' ? one.name : labels.app;
  return placeOf(world, one) === namespace && app === labels.app;
}

function placeOf({ places }: World, one: Allowed): string {
  return one.by === 'service' ? places[SERVICES.indexOf(one.name)] : one.namespace;
}

function make({ places, own, ofMesh, gateway }: World): Manifest[] {
  return manifestsOf((chart) => {
    const services = SERVICES.map((id, index) => new VersionedService(chart, id, { namespace: places[index] }));
    const versions = services.map((service) =>
      service.addVersion('v1', { image: 'app:1', serviceAccountName: service.name }),
    );
    const callersFrom = (given: readonly Declared[]) => given.map((one) => callerFrom(services, one));
    const where =
      gateway === null
        ? { traffic: TrafficSource.MESH }
        : { hosts: ['*'], gatewayOptions: { selector: { app: 'door' }, serviceAccount: `${gateway}/gateway` } };
    const mesh = new HeaderRoutedMesh(chart, 'mesh', {
      ...where,
      service: services[0],
      defaultVersion: versions[0],
      callers: callersFrom(own[0]),
      security: MeshSecurity.strict({ callers: callersFrom(ofMesh) }),
      checks: false,
    });
    for (const index of [1, 2]) {
      mesh.addService(services[index], { defaultVersion: versions[index], callers: callersFrom(own[index]) });
    }
  });
}

function callerFrom(services: readonly VersionedService[], one: Declared): ICaller {
  if (one.by === 'service') {
    return services[SERVICES.indexOf(one.name)];
  }
  return one.by === 'account' ? Caller.serviceAccount(one.namespace, one.name) : Caller.namespace(one.namespace);
}
