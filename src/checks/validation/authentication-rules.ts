/*
 * Rules for who is who: PeerAuthentication and RequestAuthentication.
 */
import type { Node } from '../../manifests/node';
import { scalarText } from '../../syntax/scalar-text';
import { parseUrl } from '../../syntax/url';
import { jwks } from './jwks-rules';
import { selectorOfPods } from './label-rules';
import { policyTarget } from './policy-target-rules';
import { applyToEach, duration, NOTHING, type Refusal, type Rule, refuse, textOf } from './refusal';

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

/** `ValidateRequestAuthentication`. */
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

/** Istio reads a port as a number of 64 bits. */
const END_OF_INT = 2 ** 63;

/** `ParseJwksURI`. */
function jwksUri(node: Node): readonly Refusal[] {
  const { scheme = '', port = '' } = parseUrl(scalarText(node.value)) ?? {};
  return (scheme === 'http' || scheme === 'https') && Number(port) < END_OF_INT
    ? NOTHING
    : refuse(
        node,
        `'${scalarText(node.value)}' is not a URL of http or https`,
        "Write 'https://auth.example.com/keys'.",
      );
}
