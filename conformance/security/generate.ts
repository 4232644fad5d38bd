/*
 * Declarations at random, from a small vocabulary in which many names are almost others.
 */
import type { Random } from '../random';
import {
  type Declaration,
  type DeclaredCaller,
  type DeclaredService,
  type Identity,
  nameOf,
  ownAccount,
  versionName,
} from './declaration';

const NAMESPACES = ['shop', 'shop-batch', 'batch'];
const ACCOUNTS = ['default', 'shop', 'shop-admin', 'admin'];
const SERVICES = ['shop', 'reviews', 'ratings', 'batch'];

const DEFAULT_GATEWAY: Identity = { namespace: 'istio-system', account: 'istio-ingressgateway-service-account' };
const OTHER_GATEWAY: Identity = { namespace: 'edge', account: 'admin' };

/** Who asks in every declaration, whether it is declared or not. */
const ALWAYS: readonly Identity[] = [
  ...NAMESPACES.flatMap((namespace) => ACCOUNTS.map((account) => ({ namespace, account }))),
  DEFAULT_GATEWAY,
  { ...DEFAULT_GATEWAY, account: 'default' },
  OTHER_GATEWAY,
];

/** All who ask, each once; the services themselves, too. */
export function clientsIn({ services }: Declaration): readonly Identity[] {
  const ofServices = services.flatMap(({ namespace, accounts }) => accounts.map((account) => ({ namespace, account })));
  return [...new Map([...ALWAYS, ...ofServices].map((client) => [nameOf(client), client])).values()];
}

export function anyDeclaration(random: Random): Declaration {
  const gateway = random.weighted<Identity | undefined>([
    [3, () => DEFAULT_GATEWAY],
    [1, () => OTHER_GATEWAY],
    [1, () => undefined],
  ]);
  const names = random.some(SERVICES, random.integer(2, 3));
  const services = names.map((name, index) => anyService(random, name, names, index === 0 && gateway !== undefined));
  return {
    security: random.chance(0.1) ? 'mutualTls' : 'strict',
    trustDomain: random.pick(['cluster.local', 'corp.example']),
    namesTrustDomain: random.chance(0.5),
    ...(gateway === undefined ? {} : { gateway }),
    services,
    everywhere: random.chance(0.3) ? [anyCaller(random, names)] : [],
  };
}

/** @param hasGateway whether somebody calls it already; a service that nobody may call is refused */
function anyService(random: Random, name: string, names: readonly string[], hasGateway: boolean): DeclaredService {
  const callers = random.integer(hasGateway ? 0 : 1, 3);
  return {
    name,
    namespace: random.pick(NAMESPACES),
    accounts: Array.from({ length: random.integer(1, 2) }, (_, index) =>
      random.chance(0.5) ? ownAccount(name, versionName(index)) : random.pick(ACCOUNTS),
    ),
    callers: Array.from({ length: callers }, () => anyCaller(random, names)),
  };
}

function anyCaller(random: Random, names: readonly string[]): DeclaredCaller {
  return random.weighted<DeclaredCaller>([
    [3, () => ({ service: random.pick(names) })],
    [3, () => ({ namespace: random.pick(NAMESPACES), account: random.pick(ACCOUNTS) })],
    [1, () => ({ namespace: random.pick(NAMESPACES) })],
  ]);
}
