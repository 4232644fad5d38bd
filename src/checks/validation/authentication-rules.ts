/*
 * Rules for who is who: PeerAuthentication and RequestAuthentication.
 */
import type { Node } from '../../manifests/node';
import { parseUrl } from '../../syntax/url';
import { duration } from './common-rules';
import { saysNone, text } from './conditions';
import { jwks } from './jwks-rules';
import { selectorOfPods } from './label-rules';
import { policyTarget } from './policy-target-rules';
import { all, at, entries, NOTHING, type Rule, refuse, refuseIf } from './refusal';

const hasEntries = (node: Node) => node.entries().length > 0;

/** `ValidatePeerAuthentication`. */
// biome-ignore format: a table
export const PEER_AUTHENTICATION: Rule = all(
  at('selector', selectorOfPods),
  refuseIf((spec) => hasEntries(spec.get('portLevelMtls')) && !hasEntries(spec.get('selector').get('matchLabels')),
    'portLevelMtls needs a selector, and this PeerAuthentication has none', 'Add selector.matchLabels.', 'portLevelMtls'),
  at('portLevelMtls', entries((number, node) =>
    /^[1-9]\d{0,4}$/.test(number) && Number(number) <= 65535
      ? NOTHING
      : refuse(node, `'${number}' is not a port`, 'Write a number from 1 to 65535.'),
  )),
);

/** Istio reads a port as a number of 64 bits. */
const END_OF_INT = 2 ** 63;

/** `ParseJwksURI`. */
// biome-ignore format: a table
const jwksUri = refuseIf(text((uri) => {
  const { scheme = '', port = '' } = parseUrl(uri) ?? {};
  return !(['http', 'https'].includes(scheme) && Number(port) < END_OF_INT);
}),
  "'{}' is not an http or https URL", "Write 'https://auth.example.com/keys'.");

/** `ValidateRequestAuthentication`. */
// biome-ignore format: a table
export const REQUEST_AUTHENTICATION: Rule = all(
  policyTarget,
  at('jwtRules[]',
    refuseIf(saysNone('issuer', 'jwksUri', 'jwks_uri'),
      'A JWT rule needs issuer or jwksUri', "Write 'issuer: https://…'."),
    // The same field under two names, of which the first counts.
    (rule) => jwksUri(rule.get(rule.get('jwksUri').present ? 'jwksUri' : 'jwks_uri')),
    at('jwks', jwks),
    at('timeout', duration),
  ),
);
