/*
 * Who may call which service, as a user declares it, and what follows from that alone: no look at what the library makes of it.
 */

/** By what a certificate names a workload. */
export interface Identity {
  readonly namespace: string;
  readonly account: string;
}

export interface Declaration {
  /** `mutualTls` lets in whoever is in the mesh. */
  readonly security: 'strict' | 'mutualTls';
  /** That of the mesh. */
  readonly trustDomain: string;
  /** Whether it is named. Where it is not, policies say cluster.local, which Istio reads as its own, whatever that is called. */
  readonly namesTrustDomain: boolean;
  /** Whose pods lead to the first service; undefined where that, too, is reached from inside the mesh only. */
  readonly gateway?: Identity;
  readonly services: readonly DeclaredService[];
  /** Who may call every service. */
  readonly everywhere: readonly DeclaredCaller[];
}

export interface DeclaredService {
  readonly name: string;
  readonly namespace: string;
  /** The ServiceAccount of each version, v1, v2 and so on. */
  readonly accounts: readonly string[];
  readonly callers: readonly DeclaredCaller[];
}

/** A service by its name, one account, or a namespace as a whole. */
export type DeclaredCaller = { readonly service: string } | Identity | { readonly namespace: string };

export function mayCall(declaration: Declaration, service: DeclaredService, client: Identity): boolean {
  const { security, gateway, services, everywhere } = declaration;
  if (security === 'mutualTls' || (gateway !== undefined && service === services[0] && isSame(gateway, client))) {
    return true;
  }
  return [...everywhere, ...service.callers].some((caller) => {
    if ('service' in caller) {
      return services.some((each) => each.name === caller.service && runsAs(each, client));
    }
    return 'account' in caller ? isSame(caller, client) : caller.namespace === client.namespace;
  });
}

/** Whether pods of a service have this identity. */
function runsAs({ namespace, accounts }: DeclaredService, client: Identity): boolean {
  return namespace === client.namespace && accounts.includes(client.account);
}

function isSame(a: Identity, b: Identity): boolean {
  return a.namespace === b.namespace && a.account === b.account;
}

/** The account that a version has where none is named. */
export function ownAccount(service: string, version: string): string {
  return `${service}-${version}`;
}

export function versionName(index: number): string {
  return `v${index + 1}`;
}

export function nameOf({ namespace, account }: Identity): string {
  return `${namespace}/${account}`;
}
