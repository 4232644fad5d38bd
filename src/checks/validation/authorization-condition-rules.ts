/*
 * Rules for the conditions of an AuthorizationPolicy (`ValidateAttribute`).
 */
import type { Node } from '../../manifests/node';
import { scalarText } from '../../syntax/scalar-text';
import { address, portNumber, serviceAccount, values, withWildcard } from './authorization-value-rules';
import { filled, NOTHING, type Refusal, refuse } from './refusal';

/** What a condition may look at, and the form of its values. */
const ATTRIBUTES: ReadonlyMap<string, ((value: string) => string | undefined) | undefined> = new Map([
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

/** Attributes that are maps: of which entry, stands in brackets. */
const MAPS = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];

export function condition(node: Node): readonly Refusal[] {
  const key = node.get('key');
  if (filled(node, 'values', 'notValues').length === 0) {
    return refuse(node, 'A condition needs values or notValues', "Write 'values: [a]'.");
  }
  const name = scalarText(key.value ?? '');
  return isAttribute(name)
    ? ['values', 'notValues'].flatMap((field) => values(node.get(field), ATTRIBUTES.get(name)))
    : refuse(
        key.present ? key : node,
        `A condition cannot look at '${name}'`,
        `Write one of ${[...ATTRIBUTES.keys()].join(', ')}, or the header or claim in brackets, as in request.headers[x-user].`,
      );
}

function isAttribute(name: string): boolean {
  return MAPS.some((map) => name.startsWith(map)) ? /^[^[]+\[.+\]$/s.test(name) : ATTRIBUTES.has(name);
}

/** Attributes of a client's identity, which action CUSTOM does not look at. */
export function isForCustomNone(node: Node): readonly Refusal[] {
  const key = scalarText(node.get('key').value ?? '');
  const isIdentity =
    ['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'].includes(key) ||
    key.startsWith('request.auth.');
  return isIdentity
    ? refuse(node.get('key'), `Action CUSTOM looks at no identity of clients, and not at ${key}`, 'Take it out.')
    : NOTHING;
}
