/*
 * Listeners of a sidecar that Istio generates and Envoy refuses.
 */

import type { MeshObject } from '../manifests/object';
import type { RegistryService } from '../model/registry';
import { isWildcard } from '../syntax/hosts';
import { type BytesChain, connectionsOf, namesOf } from './bytes-chains';
import type { Route } from './routes';
import type { SidecarPort } from './sidecar-port';
import type { SidecarScope } from './sidecar-scope';

/** What Istio makes for one address, or for all. */
export interface Listener {
  /** HTTP by the virtual hosts that all services of the port share, or by that of one service, whose port names no protocol. */
  http?: 'shared' | RegistryService;
  readonly bytes: BytesChain[];
  /** Why Envoy refuses it, or null where it does not; worked out for the first connection. */
  refusal?: Refusal | null;
}

/** Where a listener stands. */
export interface ListenerPlace {
  readonly scope: SidecarScope;
  readonly port: number;
  /** The virtual hosts of the port. Their table takes long to make, so it is made only where something can be wrong with it. */
  readonly table: () => SidecarPort;
}

/** Why Envoy refuses a listener. */
export interface Refusal {
  readonly kind: 'every name' | 'part of a name' | 'overlap' | 'redirect';
  readonly reason: string;
  /** What makes it so, the later part last. */
  readonly parts: readonly Part[];
  /** The route that is to blame for it, where it is one. */
  readonly route?: Route;
}

/** An object that takes part in it, and where in the object. */
export interface Part {
  readonly object: MeshObject;
  readonly path: string;
}

/** @param where the port, and the address if the listener is for one, in words */
export function whyRefused({ bytes, http }: Listener, place: ListenerPlace, where: string): Refusal | undefined {
  return (
    (http === undefined ? undefined : ofTable(http, place)) ?? ofPartialName(bytes, where) ?? ofOverlap(bytes, where)
  );
}

/** Of the virtual hosts. */
function ofTable(http: NonNullable<Listener['http']>, { port, scope, table }: ListenerPlace): Refusal | undefined {
  if (!scope.hasDoubtfulHosts && !scope.hasDoubtfulRules) {
    return undefined;
  }
  const { hosts, unusable } = table();
  const everyName = http === 'shared' ? hosts.get('*') : undefined;
  if (everyName !== undefined) {
    const { domain, routes } = everyName;
    return {
      kind: 'every name',
      reason: `a short name of ${domain} expands to '*' on port ${port}, which the virtual host for unknown hosts also has`,
      parts: partsNamed(domain, routes, scope.servicesOn(port)),
    };
  }
  const used = http === 'shared' ? [] : hosts.get(http.host.toLowerCase())?.routes;
  const route = unusable.find((each) => http === 'shared' || used?.includes(each));
  const rule = route?.origin?.rule;
  return rule === undefined
    ? undefined
    : {
        kind: 'redirect',
        reason: `${rule.path} of ${rule.object.namespace}/${rule.object.name} redirects with code ${rule.redirect?.code}, which Envoy does not know`,
        parts: [{ object: rule.object, path: rule.path }],
        route,
      };
}

function partsNamed(domain: string, routes: readonly Route[], services: readonly RegistryService[]): readonly Part[] {
  const named = services.filter(({ host }) => host.toLowerCase() === domain);
  const owners = new Set(routes.flatMap(({ origin }) => origin?.owner.object ?? []));
  return [...owners, ...named.map(({ object }) => object)].map((object) => ({ object, path: 'spec.hosts' }));
}

function ofPartialName(chains: readonly BytesChain[], where: string): Refusal | undefined {
  for (const chain of chains) {
    const name = namesOf(chain).find((each) => isWildcard(each) && !each.startsWith('*.'));
    if (name !== undefined) {
      const reason = `a filter chain of ${where} is for ${name}, a wildcard inside a name, which Envoy does not allow`;
      return { kind: 'part of a name', reason, parts: [partOf(chain)] };
    }
  }
  return undefined;
}

/** Something for which there are two chains, or one chain twice. */
function ofOverlap(chains: readonly BytesChain[], where: string): Refusal | undefined {
  const taken = new Map<string, BytesChain>();
  for (const chain of chains) {
    for (const [key, text] of connectionsOf(chain)) {
      const other = taken.get(key);
      if (other !== undefined) {
        const which = text === '' ? '' : `, ${text}`;
        const reason =
          other === chain
            ? `a filter chain of ${where} is there twice for the same connections${which}`
            : `two filter chains of ${where} are for the same connections${which}`;
        return { kind: 'overlap', reason, parts: [partOf(other), partOf(chain)] };
      }
      taken.set(key, chain);
    }
  }
  return undefined;
}

function partOf({ owner, service, path }: BytesChain): Part {
  return { object: owner?.object ?? service.object, path };
}
