/*
 * Rules for one http route of a VirtualService.
 */
import type { Node } from '../../mesh/node';
import { parseDuration } from '../../syntax/duration';
import { host } from './host-rules';
import { matches } from './match-rules';
import {
  apply,
  applyToEach,
  duration,
  filled,
  has,
  label,
  NOTHING,
  percentage,
  port,
  type Refusal,
  type Rule,
  refuse,
  textOf,
  warn,
  where,
  written,
} from './refusal';

/** Pairs that exclude each other. */
const CONFLICTS: readonly (readonly [string, string])[] = [
  ['route', 'redirect'],
  ['route', 'directResponse'],
  ['redirect', 'directResponse'],
  ['fault', 'redirect'],
  ['fault', 'directResponse'],
  ['rewrite', 'redirect'],
  ['rewrite', 'directResponse'],
  ['mirror', 'mirrors'],
  ['delegate', 'route'],
  ['delegate', 'redirect'],
];

function conflictingActions(route: Node): readonly Refusal[] {
  return CONFLICTS.filter(([a, b]) => hasAny(route, a) && hasAny(route, b)).flatMap(([a, b]) =>
    refuse(
      route,
      `An http route cannot have both ${a} and ${b}`,
      `Keep one of the two; for different requests, write two routes with matches.`,
    ),
  );
}

/** An empty list is as none. */
function hasAny(route: Node, field: string): boolean {
  return has(route, field) && !(Array.isArray(route.get(field).value) && route.get(field).items().length === 0);
}

function nothingToDo(route: Node): readonly Refusal[] {
  const actions = ['route', 'redirect', 'directResponse', 'delegate'];
  return actions.some((name) => hasAny(route, name))
    ? NOTHING
    : refuse(
        route,
        'An http route needs something to do',
        'Add a route with a destination, a redirect or a directResponse.',
      );
}

/** The list of weighted destinations at `route.route`, of tls and tcp routes too. */
export function destinations(route: Node): readonly Refusal[] {
  const list = route.get('route');
  const weights = list.items().map((entry) => entry.get('weight').value);
  const negative = list.items().find((entry) => Number(entry.get('weight').value) < 0);
  const total = weights.reduce((sum: number, weight) => sum + (typeof weight === 'number' ? weight : 0), 0);
  return [
    ...applyToEach(list, [(entry) => destination(entry.get('destination'))]),
    ...(negative === undefined
      ? NOTHING
      : refuse(negative.get('weight'), 'A weight cannot be negative', 'Write 0 or more.')),
    ...(weights.length > 1 && total === 0
      ? refuse(
          list,
          'Of several destinations at least one needs a weight above 0',
          "Write weights, as in 'weight: 90' and 'weight: 10'.",
        )
      : NOTHING),
  ];
}

function destination(node: Node): readonly Refusal[] {
  const name = node.get('host');
  return [
    ...(name.value === '*' ? refuse(name, "'*' is no destination", 'Write the name of one Service.') : host(name)),
    ...label(node.get('subset'), 'subset'),
    ...destinationPort(node.get('port')),
  ];
}

function destinationPort(node: Node): readonly Refusal[] {
  return node.present && !node.get('number').present
    ? refuse(node, 'The port of a destination needs its number', "Write 'port: {number: 80}'.")
    : port(node.get('number'));
}

function mirrors(route: Node): readonly Refusal[] {
  if (written(route, 'mirror', 'mirrors', 'mirrorPercentage', 'mirrorPercent', 'mirror_percent').length === 0) {
    return NOTHING;
  }
  return [
    ...(has(route, 'mirror') ? destination(route.get('mirror')) : NOTHING),
    ...percentage(route.get('mirrorPercentage')),
    ...applyToEach(route.get('mirrors'), [
      (mirror) => destination(mirror.get('destination')),
      (mirror) => percentage(mirror.get('percentage')),
    ]),
    // The same field under two names, of which the first has the last word.
    ...written(route, 'mirrorPercent', 'mirror_percent')
      .slice(0, 1)
      .flatMap((name) => mirrorPercent(route.get(name))),
  ];
}

function mirrorPercent(node: Node): readonly Refusal[] {
  return typeof node.value === 'number' && node.value > 100
    ? refuse(node, `${node.value} is not a percentage`, 'Write a number from 0 to 100.')
    : warn(node, 'mirrorPercent is deprecated', "Write 'mirrorPercentage: {value: …}'.");
}

function redirect(route: Node): readonly Refusal[] {
  const node = route.get('redirect');
  if (!node.present) {
    return NOTHING;
  }
  const code = node.get('redirectCode');
  const scheme = node.get('scheme');
  const uriMatches = route
    .get('match')
    .items()
    .map((match) => match.get('uri'));
  return [
    ...(written(node, 'uri', 'prefixRewrite').length > 1
      ? refuse(node, 'A redirect cannot have both uri and prefixRewrite', 'Keep one of the two.')
      : NOTHING),
    ...(written(node, 'uri', 'prefixRewrite', 'authority', 'port', 'derivePort', 'scheme').length === 0
      ? refuse(node, 'A redirect needs to say where to', 'Add uri, authority, port or scheme.')
      : NOTHING),
    ...(node.get('prefixRewrite').present && uriMatches.some((uri) => uri.present && !uri.get('prefix').present)
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
  ];
}

/** What Istio takes for the body of an answer, in bytes. */
const MAX_BODY = 1024 * 1024;

function directResponse(route: Node): readonly Refusal[] {
  const status = route.get('directResponse').get('status');
  return [...wrongStatus(status), ...tooLong(route.get('directResponse').get('body').get('string'))];
}

function tooLong(body: Node): readonly Refusal[] {
  return Buffer.byteLength(textOf(body) ?? '') > MAX_BODY
    ? refuse(body, 'The body of a directResponse has more than 1 MB', 'Let a service answer, or shorten it.')
    : NOTHING;
}

function wrongStatus(status: Node): readonly Refusal[] {
  return typeof status.value === 'number' && (status.value < 200 || status.value > 600)
    ? refuse(status, 'A directResponse needs a status from 200 to 600', "Write 'status: 200'.")
    : NOTHING;
}

function rewrite(route: Node): readonly Refusal[] {
  const node = route.get('rewrite');
  if (!node.present) {
    return NOTHING;
  }
  const regex = node.get('uriRegexRewrite');
  const what = written(node, 'uri', 'uriRegexRewrite', 'authority');
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

function retries(route: Node): readonly Refusal[] {
  const node = route.get('retries');
  const attempts = node.get('attempts').value;
  const others = filled(node, 'perTryTimeout', 'retryOn', 'retryRemoteLocalities');
  const on = textOf(node.get('retryOn'));
  return [
    ...(typeof attempts === 'number' && attempts < 0
      ? refuse(node.get('attempts'), 'attempts cannot be negative', 'Write 0 for no retries.')
      : NOTHING),
    ...((attempts ?? 0) === 0 && others.length > 0
      ? refuse(
          node,
          `${attempts === 0 ? 'attempts: 0 means' : 'Retries without attempts mean'} no retries, and that goes with no ${others.join(' or ')}`,
          'Take the others out, or write attempts of 1 or more.',
        )
      : NOTHING),
    ...(on?.includes(' ') === true
      ? refuse(
          node.get('retryOn'),
          `retryOn '${on}' contains spaces, which belong to no condition`,
          `Write '${on.replaceAll(' ', '')}'.`,
        )
      : NOTHING),
    ...duration(node.get('perTryTimeout')),
    ...duration(node.get('backoff')),
  ];
}

function fault(route: Node): readonly Refusal[] {
  const node = route.get('fault');
  if (!node.present) {
    return NOTHING;
  }
  const abort = node.get('abort');
  const status = abort.get('httpStatus');
  return [
    ...(written(node, 'abort', 'delay').length === 0
      ? refuse(node, 'A fault needs an abort or a delay', "Write 'abort: {httpStatus: 503, percentage: {value: 10}}'.")
      : NOTHING),
    ...(typeof status.value === 'number' && (status.value < 200 || status.value > 600)
      ? refuse(status, `${status.value} is not a status to abort with`, 'Write one from 200 to 600.')
      : NOTHING),
    ...(abort.get('http2Error').present
      ? refuse(abort.get('http2Error'), 'http2Error is not implemented', 'Write httpStatus or grpcStatus.')
      : NOTHING),
    ...(node.get('delay').get('exponentialDelay').present
      ? refuse(node.get('delay').get('exponentialDelay'), 'exponentialDelay is not implemented', 'Write fixedDelay.')
      : NOTHING),
    ...faultPercentage(abort.get('percentage')),
    ...faultPercentage(node.get('delay').get('percentage')),
    ...duration(node.get('delay').get('fixedDelay')),
  ];
}

/** Envoy counts faults in parts of a million. */
function faultPercentage(node: Node): readonly Refusal[] {
  const { value } = node.get('value');
  return typeof value === 'number' && value > 0 && value < 0.0001
    ? refuse(node.get('value'), `${value} percent is too little to count`, 'Write 0, or 0.0001 and more.')
    : percentage(node);
}

const CORS_METHODS = ['*', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'];

function cors(route: Node): readonly Refusal[] {
  const policy = route.get('corsPolicy');
  const maxAge = policy.get('maxAge');
  const milliseconds = typeof maxAge.value === 'string' ? parseDuration(maxAge.value) : undefined;
  return [
    ...policy
      .get('allowMethods')
      .items()
      .filter((method) => typeof method.value === 'string' && !CORS_METHODS.includes(method.value))
      .flatMap((method) =>
        refuse(
          method,
          `'${method.value}' is not a method that CORS can allow`,
          `Write one of ${CORS_METHODS.join(', ')}.`,
        ),
      ),
    ...(milliseconds !== undefined && milliseconds % 1000 !== 0
      ? refuse(maxAge, `maxAge '${maxAge.value}' is not in whole seconds`, "Write something like '600s'.")
      : NOTHING),
  ];
}

function headerOperations(owner: Node): readonly Refusal[] {
  const request = owner.get('headers').get('request');
  const response = owner.get('headers').get('response');
  const requestNames = ['set', 'add'].flatMap((kind) => request.get(kind).entries());
  const otherNames = ['set', 'add'].flatMap((kind) => response.get(kind).entries());
  const removed = [...request.get('remove').items(), ...response.get('remove').items()].map(
    (node) => [textOf(node) ?? '', node] as const,
  );
  return [
    ...requestNames.flatMap(([name, node]) =>
      name === '' || (name.startsWith(':') && name !== ':authority')
        ? refuse(node, `A request header cannot be called '${name}'`, 'Write the name of a header.')
        : NOTHING,
    ),
    ...[...requestNames, ...otherNames].flatMap(([, node]) => headerValue(node)),
    ...[...otherNames, ...removed].flatMap(([name, node]) =>
      name.startsWith(':') || name.toLowerCase() === 'host'
        ? refuse(node, `The header '${name}' cannot be changed here`, 'Write the name of another header.')
        : NOTHING,
    ),
  ];
}

/** Envoy reads `%NAME(arguments)%` as a variable, and `%%` as the sign itself. */
const VARIABLE = /%(?:%|[A-Z][A-Z0-9_]*(?:\([^)]*\))?(?::[0-9]+)?%)/g;

function headerValue(node: Node): readonly Refusal[] {
  const value = textOf(node) ?? '';
  if (hasControlCharacter(value)) {
    return refuse(node, 'The value of a header contains a control character', 'Write it in one line.');
  }
  return value.replace(VARIABLE, '').includes('%')
    ? refuse(node, "The value of a header contains a '%' that begins no variable", "Write '%%' for the sign itself.")
    : NOTHING;
}

function hasControlCharacter(value: string): boolean {
  return [...value].some((character) => (character < ' ' && character !== '\t') || character === '\u007f');
}

function authorityTwice(route: Node): readonly Refusal[] {
  const request = route.get('headers').get('request');
  const headers = ['set', 'add'].flatMap((kind) => request.get(kind).entries());
  const places = [
    ...(textOf(route.get('rewrite').get('authority')) === undefined ? [] : [route.get('rewrite').get('authority')]),
    ...headers.filter(([name]) => ['host', ':authority'].includes(name.toLowerCase())).map(([, node]) => node),
  ];
  return places.length > 1
    ? refuse(places[1], 'The authority is set more than once', 'Keep rewrite.authority alone.')
    : NOTHING;
}

const HTTP_ROUTE_RULES: readonly Rule[] = [
  conflictingActions,
  nothingToDo,
  where('match', matches),
  where('route', destinations),
  mirrors,
  where('redirect', redirect),
  where('directResponse', directResponse),
  where('rewrite', rewrite),
  where('retries', retries),
  where('fault', fault),
  where('corsPolicy', cors),
  where('timeout', (route) => duration(route.get('timeout'))),
  where('headers', headerOperations),
  where('route', (route) => applyToEach(route.get('route'), [where('headers', headerOperations)])),
  where('headers', authorityTwice),
];

export function httpRoute(route: Node): readonly Refusal[] {
  return apply(HTTP_ROUTE_RULES, route);
}
