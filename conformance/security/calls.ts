/*
 * Who calls what, and how, and what each call is to end in.
 */
import type { Cluster, Pod } from '../cluster';
import type { Random } from '../random';
import { type Declaration, type DeclaredService, type Identity, mayCall } from './declaration';
import { clientsIn } from './generate';

export interface Call {
  /**
   * Which door: the pod itself, by a client that speaks TLS by itself; another port of it; or the Service by its name, through
   * the client's own sidecar or gateway.
   */
  readonly door: 'pod' | 'other port' | 'sidecar' | 'gateway';
  readonly service: DeclaredService;
  /** The pod that is dialled; undefined where the client's proxy chooses one. */
  readonly pod?: Pod;
  readonly client: Identity;
  readonly credential: Credential;
  readonly end: End;
}

/** What a client has to show who it is. */
export type Credential = 'of the mesh' | Stranger;

/** A client that shows nothing that counts, though it has the name of one that may call. */
export type Stranger = (typeof STRANGERS)[number];

export const STRANGERS = ['another authority', 'another trust domain', 'no certificate', 'plain text'] as const;

/**
 * Where a call ends: in the app, at the AuthorizationPolicy with an answer or, on a port that is not HTTP, without, or, of a
 * stranger, before TLS is there.
 */
export type End = 'app' | '403' | Closure;

/** Why a connection is closed without an answer. */
export type Closure = 'closed by policy' | Stranger;

/** Each client at each pod by each of its ports, and at each service by its name. */
export function callsIn(declaration: Declaration, cluster: Cluster, random: Random): readonly Call[] {
  const clients = clientsIn(declaration);
  return declaration.services.flatMap((service) => {
    const pods = podsOf(service, cluster);
    return [
      ...clients.map((client) => callByName(declaration, service, client)).filter((call) => call !== undefined),
      ...pods.flatMap((pod) => [
        ...clients.flatMap((client) => callsToPod(declaration, service, pod, client)),
        ...strangersAt(declaration, service, pod, random),
      ]),
    ];
  });
}

export function podsOf({ name, namespace }: DeclaredService, { pods }: Cluster): readonly Pod[] {
  return pods.filter((pod) => pod.namespace === namespace && pod.labels.app === name);
}

/** Undefined for a gateway, where none of its routes leads to the service. */
function callByName(declaration: Declaration, service: DeclaredService, client: Identity): Call | undefined {
  const end = mayCall(declaration, service, client) ? 'app' : '403';
  const call = { service, client, credential: 'of the mesh', end } as const;
  if (!isGateway(declaration, client)) {
    return { ...call, door: 'sidecar' };
  }
  return service === declaration.services[0] ? { ...call, door: 'gateway' } : undefined;
}

function callsToPod(declaration: Declaration, service: DeclaredService, pod: Pod, client: Identity): readonly Call[] {
  const may = mayCall(declaration, service, client);
  const call = { service, pod, client, credential: 'of the mesh' } as const;
  return [
    { ...call, door: 'pod', end: may ? 'app' : '403' },
    { ...call, door: 'other port', end: may ? 'app' : 'closed by policy' },
  ];
}

function strangersAt(declaration: Declaration, service: DeclaredService, pod: Pod, random: Random): readonly Call[] {
  const namesake = random.pick(clientsIn(declaration).filter((client) => mayCall(declaration, service, client)));
  return (['pod', 'other port'] as const).flatMap((door) =>
    STRANGERS.map((stranger) => ({ door, service, pod, client: namesake, credential: stranger, end: stranger })),
  );
}

export function isGateway({ gateway }: Declaration, { namespace, account }: Identity): boolean {
  return gateway?.namespace === namespace && gateway.account === account;
}
