/*
 * Rules for who is who: PeerAuthentication and RequestAuthentication.
 */
import type { Node } from '../../mesh/node';
import { selectorOfPods } from './label-rules';
import { policyTarget } from './policy-target-rules';
import { applyToEach, duration, NOTHING, type Refusal, type Rule, refuse, textOf, warn } from './refusal';

/** `ValidatePeerAuthentication`. */
export const PEER_AUTHENTICATION_RULES: readonly Rule[] = [
  (spec) => selectorOfPods(spec.get('selector')),
  (spec) => {
    const ports = spec.get('portLevelMtls');
    return ports.entries().length > 0 && spec.get('selector').get('matchLabels').entries().length === 0
      ? refuse(ports, 'Modes for ports are for selected pods only, and this is for all', 'Add selector.matchLabels.')
      : NOTHING;
  },
  (spec) =>
    spec
      .get('portLevelMtls')
      .entries()
      .filter(([number]) => !/^[1-9]\d{0,4}$/.test(number) || Number(number) > 65535)
      .flatMap(([number, node]) => refuse(node, `'${number}' is not a port`, 'Write a number from 1 to 65535.')),
];

/** `ValidateRequestAuthentication`, but for the numbers in the keys of jwks. */
export const REQUEST_AUTHENTICATION_RULES: readonly Rule[] = [
  policyTarget,
  (spec) => applyToEach(spec.get('jwtRules'), [jwtRule]),
];

function jwtRule(rule: Node): readonly Refusal[] {
  const uri = rule.get(rule.get('jwksUri').present ? 'jwksUri' : 'jwks_uri');
  return [
    ...(textOf(rule.get('issuer')) === undefined && textOf(uri) === undefined
      ? refuse(rule, 'A rule about tokens needs their issuer, or jwksUri', "Write 'issuer: https://…'.")
      : NOTHING),
    ...(textOf(uri) === undefined ? NOTHING : jwksUri(uri)),
    ...jwks(rule.get('jwks')),
    ...duration(rule.get('timeout')),
  ];
}

function jwksUri(node: Node): readonly Refusal[] {
  return HTTP_URL.test(String(node.value))
    ? NOTHING
    : refuse(node, `'${String(node.value)}' is not a URL of http or https`, "Write 'https://auth.example.com/keys'.");
}

/** Where two slashes follow, a host and perhaps a port follow them. */
const HTTP_URL = /^https?:(?!\/\/)|^https?:\/\/(?:[^\s/?#:@[\]\\^|{}<>"`]*|\[[0-9a-fA-F:.]*\])(?::\d*)?(?:$|[/?#])/i;

/** `warnPrivateJwksKeys`. */
function jwks(node: Node): readonly Refusal[] {
  const text = textOf(node);
  if (text === undefined) {
    return NOTHING;
  }
  const set = parsed(text);
  if (set === undefined) {
    return refuse(node, 'jwks is not JSON', 'Write the set of keys as the issuer publishes it: \'{"keys": […]}\'.');
  }
  const { keys } = set as { readonly keys?: unknown };
  return (Array.isArray(keys) ? keys : [set]).some(isPrivate)
    ? warn(node, 'jwks has a private key, of which only the public part is used', 'Write the public key alone.')
    : NOTHING;
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function isPrivate(key: unknown): boolean {
  const { kty, k, d } = (key ?? {}) as { readonly kty?: unknown; readonly k?: unknown; readonly d?: unknown };
  return kty === 'oct' ? k !== undefined : d !== undefined;
}
