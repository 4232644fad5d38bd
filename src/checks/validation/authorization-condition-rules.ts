/*
 * Rules for the conditions of an AuthorizationPolicy (`ValidateAttribute`).
 */

import type { Node } from '../../manifests/node';
import { scalarText } from '../../syntax/scalar-text';
import { address, type Complain, portNumber, serviceAccount, values, withWildcard } from './authorization-value-rules';
import { saysNone, string } from './conditions';
import { all, at, type Refusal, refuse, refuseIf } from './refusal';

/** What a condition may look at, and the form of its values. */
const ATTRIBUTES: ReadonlyMap<string, Complain | undefined> = new Map([
  ['source.ip', address],
  ['remote.ip', address],
  ['destination.ip', address],
  ['destination.port', portNumber],
  ['source.serviceAccount', serviceAccount],
  ['source.trustDomain', withWildcard],
  ['source.namespace', undefined],
  ['source.principal', undefined],
  ['request.auth.principal', undefined],
  ['request.auth.audiences', undefined],
  ['request.auth.presenter', undefined],
  ['connection.sni', undefined],
]);

/** Attributes that are maps: the entry stands in brackets. */
const MAPS = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];

export function condition(node: Node): readonly Refusal[] {
  const key = node.get('key');
  const name = scalarText(key.value ?? '');
  if (saysNone('values', 'notValues')(node)) {
    return refuse(node, 'A condition needs values or notValues', "Write 'values: [a]'.");
  }
  return isAttribute(name)
    ? all(...values(['values', 'notValues'], ATTRIBUTES.get(name)))(node)
    : refuse(
        key.present ? key : node,
        `A condition cannot use the key '${name}'`,
        `Write one of ${[...ATTRIBUTES.keys()].join(', ')}, or the header or claim in brackets, as in request.headers[x-user].`,
      );
}

function isAttribute(name: string): boolean {
  return MAPS.some((map) => name.startsWith(map)) ? /^[^[]+\[.+\]$/s.test(name) : ATTRIBUTES.has(name);
}

/** Attributes of a client's identity, which action CUSTOM does not look at. */
const IDENTITY = /^(?:source\.(?:namespace|serviceAccount|trustDomain|principal)$|request\.auth\.)/;

// biome-ignore format: a table
export const notOfIdentity = at('key', refuseIf(string((key) => IDENTITY.test(key)),
  'Action CUSTOM cannot use {}, which is part of the identity of clients', 'Take it out.'));
