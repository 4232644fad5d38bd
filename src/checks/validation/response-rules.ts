/*
 * Rules for what answers or changes a request: redirect, directResponse, rewrite. An empty text is as none.
 */
import type { Node } from '../../manifests/node';
import { filled, NOTHING, type Refusal, refuse, routePort, textOf, warn, written } from './refusal';

/** `validateHTTPRedirect`. */
export function redirect(route: Node): readonly Refusal[] {
  const node = route.get('redirect');
  const code = node.get('redirectCode');
  const scheme = node.get('scheme');
  const uriMatches = route
    .get('match')
    .items()
    .map((match) => match.get('uri'));
  const said = [...filled(node, 'uri', 'prefixRewrite', 'authority', 'scheme'), ...written(node, 'port', 'derivePort')];
  return [
    ...(said.includes('uri') && said.includes('prefixRewrite')
      ? refuse(node, 'A redirect cannot have both uri and prefixRewrite', 'Keep one of the two.')
      : NOTHING),
    ...(said.length === 0
      ? refuse(node, 'A redirect needs to say where to', 'Add uri, authority, port or scheme.')
      : NOTHING),
    ...(said.includes('prefixRewrite') && uriMatches.some((uri) => uri.present && !uri.get('prefix').present)
      ? refuse(
          node.get('prefixRewrite'),
          'prefixRewrite needs every match to be by uri.prefix',
          'Write uri instead, or match by prefix.',
        )
      : NOTHING),
    ...(typeof code.value === 'number' && code.value !== 0 && (code.value < 300 || code.value > 399)
      ? refuse(code, `${code.value} is not the code of a redirect`, 'Write 301, 302, 303, 307 or 308.')
      : NOTHING),
    ...(textOf(scheme) !== undefined && !['http', 'https'].includes(textOf(scheme) ?? '')
      ? refuse(scheme, `'${textOf(scheme)}' is not a scheme to redirect to`, "Write 'http' or 'https'.")
      : NOTHING),
    ...routePort(node.get('port')),
  ];
}

/** What Istio takes for the body of an answer, in bytes, and from where on it warns. */
const MAX_BODY = 1024 * 1024;
const LARGE_BODY = 100 * 1024;

/** `validateHTTPDirectResponse`. */
export function directResponse(route: Node): readonly Refusal[] {
  const body = route.get('directResponse').get('body');
  return [
    ...wrongStatus(route.get('directResponse').get('status')),
    ...tooLong(body.get('string'), 'utf8'),
    ...tooLong(body.get('bytes'), 'base64'),
  ];
}

function tooLong(body: Node, encoding: 'utf8' | 'base64'): readonly Refusal[] {
  const length = Buffer.byteLength(textOf(body) ?? '', encoding);
  if (length > MAX_BODY) {
    return refuse(body, 'The body of a directResponse has more than 1 MB', 'Let a service answer, or shorten it.');
  }
  return length > LARGE_BODY
    ? warn(body, 'The body of a directResponse has more than 100 kB, which every proxy keeps', 'Let a service answer.')
    : NOTHING;
}

function wrongStatus(status: Node): readonly Refusal[] {
  return typeof status.value === 'number' && (status.value < 200 || status.value > 600)
    ? refuse(status, 'A directResponse needs a status from 200 to 600', "Write 'status: 200'.")
    : NOTHING;
}

/** `validateHTTPRewrite`. */
export function rewrite(route: Node): readonly Refusal[] {
  const node = route.get('rewrite');
  const regex = node.get('uriRegexRewrite');
  const what = [...filled(node, 'uri', 'authority'), ...written(node, 'uriRegexRewrite')];
  const half =
    regex.present && (textOf(regex.get('match')) === undefined || textOf(regex.get('rewrite')) === undefined);
  return [
    ...(what.length === 0
      ? refuse(node, 'A rewrite needs to say what to', 'Add uri, uriRegexRewrite or authority.')
      : NOTHING),
    ...(what.includes('uri') && what.includes('uriRegexRewrite')
      ? refuse(node, 'A rewrite cannot have both uri and uriRegexRewrite', 'Keep one of the two.')
      : NOTHING),
    ...(half
      ? refuse(
          regex,
          'uriRegexRewrite needs both match and rewrite',
          "Write 'match: ^/old/(.*)' and 'rewrite: /new/\\1'.",
        )
      : NOTHING),
  ];
}
