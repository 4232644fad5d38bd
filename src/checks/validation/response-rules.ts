/*
 * Rules for what answers or changes a request: redirect, directResponse, rewrite. Istio takes an empty text for none.
 */
import type { Node } from '../../manifests/node';
import { utf8 } from '../../syntax/utf8';
import { routePort } from './common-rules';
import { filled, lacks, number, outside, saysNone, text, textOf } from './conditions';
import { all, at, notBoth, type Rule, refuseIf, warnIf, when } from './refusal';

/** `validateHTTPRedirect`. */
// biome-ignore format: a table
const REDIRECT: Rule = all(
  notBoth('A redirect', 'uri', 'prefixRewrite'),
  refuseIf(saysNone('uri', 'prefixRewrite', 'authority', 'scheme', 'port', 'derivePort'),
    'The redirect has no target', 'Add uri, prefixRewrite, authority, port or scheme.'),
  at('redirectCode', refuseIf(number((code) => code !== 0 && (code < 300 || code > 399)),
    '{} is not a redirect code', 'Write 301, 302, 303, 307 or 308.')),
  at('scheme', refuseIf(text((scheme) => !['http', 'https'].includes(scheme)),
    "'{}' is not a scheme to redirect to", "Write 'http' or 'https'.")),
  at('port', routePort),
);

const matchesOtherThanPrefix = (route: Node) =>
  route
    .get('match')
    .items()
    .map((match) => match.get('uri'))
    .some((uri) => uri.present && !uri.get('prefix').present);

// biome-ignore format: a table
const PREFIX_REWRITE = refuseIf(text(() => true),
  'prefixRewrite needs every match to be by uri.prefix', 'Write uri instead, or match by prefix.');

export const redirect: Rule = all(
  at('redirect', REDIRECT),
  when(matchesOtherThanPrefix, at('redirect.prefixRewrite', PREFIX_REWRITE)),
);

/** What Istio takes for the body of an answer, in bytes, and from where on it warns. */
const MAX_BODY = 1024 * 1024;
const LARGE_BODY = 100 * 1024;

/** `validateHTTPDirectResponse`. */
// biome-ignore format: a table
export const directResponse: Rule = all(
  at('status', refuseIf(outside(200, 600), 'A directResponse needs a status from 200 to 600', "Write 'status: 200'.")),
  at('body.string', bodyOf((string) => utf8(string).length)),
  at('body.bytes', bodyOf((base64) => (base64.replace(/=+$/, '').length * 3) / 4)),
);

function bodyOf(bytesOf: (body: string) => number): Rule {
  // biome-ignore format: a table
  return all(
    refuseIf(text((body) => bytesOf(body) > MAX_BODY),
      'The body of a directResponse has more than 1 MB', 'Let a service answer, or shorten it.'),
    warnIf(text((body) => bytesOf(body) > LARGE_BODY && bytesOf(body) <= MAX_BODY),
      'The body of a directResponse has more than 100 kB, which every proxy keeps in memory', 'Let a service answer.'),
  );
}

/** `validateHTTPRewrite`. */
// biome-ignore format: a table
export const rewrite: Rule = all(
  refuseIf((node) => filled(node, 'uri', 'authority').length === 0 && lacks('uriRegexRewrite')(node),
    'The rewrite changes nothing', 'Add uri, uriRegexRewrite or authority.'),
  notBoth('A rewrite', 'uri', 'uriRegexRewrite'),
  at('uriRegexRewrite', refuseIf(
    (regex) => textOf(regex.get('match')) === undefined || textOf(regex.get('rewrite')) === undefined,
    'uriRegexRewrite needs both match and rewrite', "Write 'match: ^/old/(.*)' and 'rewrite: /new/\\1'.")),
);
