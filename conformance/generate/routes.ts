/*
 * Rules of a VirtualService: what they match, and every kind of action.
 */
import type { Random } from '../random';
import { type Match, makeMatch } from './matches';
import type { GeneratedService } from './services';
import { ALLOWED_ORIGINS, DIRECT_STATUSES, HEADER_VALUES, ORIGINS, PATHS, VERSIONS } from './vocabulary';

export interface Route {
  readonly match?: readonly Match[];
  readonly [field: string]: unknown;
}

export interface RouteWords {
  /** Namespace of the VirtualService, which decides what short names stand for. */
  readonly namespace: string;
  readonly gateways: readonly string[];
  readonly services: readonly GeneratedService[];
}

export function makeRoute(random: Random, words: RouteWords): Route {
  const matches = random.weighted([
    [2, () => 0],
    [7, () => 1],
    [2, () => 2],
  ]);
  const name = random.chance(0.3) ? { name: random.pick(['first', 'second', 'to-v2']) } : {};
  const match = Array.from({ length: matches }, () => makeMatch(random, words.gateways));
  return {
    ...name,
    ...(matches === 0 ? {} : { match }),
    ...makeAction(random, words, match.every(allowsPrefixRewrite)),
  };
}

/** Istio takes a redirect's prefixRewrite where no match asks for more of the path than its beginning. */
function allowsPrefixRewrite({ uri }: { readonly uri?: object }): boolean {
  return uri === undefined || Object.hasOwn(uri, 'prefix');
}

function makeAction(random: Random, words: RouteWords, canRewritePrefix: boolean): object {
  const action = random.weighted<object>([
    [12, () => makeForward(random, words)],
    [1.5, () => ({ redirect: makeRedirect(random, canRewritePrefix) })],
    [1, () => ({ directResponse: makeDirectResponse(random) })],
  ]);
  return random.chance(0.15) ? { ...action, corsPolicy: makeCorsPolicy(random) } : action;
}

function makeCorsPolicy(random: Random): object {
  const list = (chance: number, words: readonly string[]) =>
    random.maybe(chance, () => random.some(words, random.integer(1, 2)));
  return {
    ...random.weighted<object>([
      [8, () => ({ allowOrigins: random.some(ALLOWED_ORIGINS, random.integer(1, 2)) })],
      [1, () => ({ allowOrigin: [random.pick(['*', ...ORIGINS])] })],
      [1, () => ({})],
    ]),
    allowMethods: list(0.5, ['GET', 'POST', '*']),
    allowHeaders: list(0.4, ['x-version', 'X-User', '*']),
    exposeHeaders: list(0.2, ['x-answer']),
    maxAge: random.maybe(0.3, () => random.pick(['600s', '24h'])),
    allowCredentials: random.maybe(0.3, () => random.chance(0.5)),
    unmatchedPreflights: random.maybe(0.4, () => random.pick(['FORWARD', 'IGNORE', 'UNSPECIFIED'])),
  };
}

function makeForward(random: Random, words: RouteWords): object {
  const count = random.weighted([
    [8, () => 1],
    [2, () => 2],
    [1, () => 3],
  ]);
  return {
    route: makeDestinations(random, words, count),
    ...(random.chance(0.15) ? { rewrite: makeRewrite(random) } : {}),
    ...(random.chance(0.12) ? { headers: makeHeaderOperations(random) } : {}),
    ...(random.chance(0.08) ? { fault: makeFault(random) } : {}),
    ...(random.chance(0.07) ? { timeout: random.pick(['5s', '7.5s', '1s']) } : {}),
    ...(random.chance(0.1) ? { retries: makeRetries(random) } : {}),
    ...(random.chance(0.08) ? makeMirrors(random, words) : {}),
  };
}

/** The long times are far from what a backend takes, and so are the short ones from that of a slow one. */
function makeRetries(random: Random): object {
  if (random.chance(0.25)) {
    return { attempts: 0 };
  }
  return {
    attempts: random.integer(1, 3),
    ...(random.chance(0.7)
      ? {
          retryOn: random.pick([
            ...['5xx', 'gateway-error', 'connect-failure', 'reset', 'retriable-4xx'],
            ...['503', '500,503', '404', 'connect-failure,503', '5xx,retriable-status-codes', 'cancelled,unavailable'],
          ]),
        }
      : {}),
    ...(random.chance(0.3) ? { perTryTimeout: random.pick(['1s', '5s']) } : {}),
    ...(random.chance(0.1) ? { retryIgnorePreviousHosts: random.chance(0.5) } : {}),
  };
}

function makeMirrors(random: Random, words: RouteWords): object {
  const share = () =>
    random.weighted<number | undefined>([
      [4, () => undefined],
      [2, () => 100],
      [1, () => 0],
      [1, () => 50],
    ]);
  const destination = () => makeDestination(random, words);
  if (random.chance(0.5)) {
    const value = share();
    return { mirror: destination(), ...(value === undefined ? {} : { mirrorPercentage: { value } }) };
  }
  return {
    mirrors: Array.from({ length: random.integer(1, 2) }, () => {
      const value = share();
      return { destination: destination(), ...(value === undefined ? {} : { percentage: { value } }) };
    }),
  };
}

function makeDestinations(random: Random, words: RouteWords, count: number): readonly object[] {
  const weights = count === 1 ? [random.maybe(0.1, () => random.pick([0, 1, 100]))] : makeWeights(random, count);
  return weights.map((weight) => ({
    destination: makeDestination(random, words),
    ...(weight === undefined ? {} : { weight }),
    ...(random.chance(0.06) ? { headers: makeHeaderOperations(random) } : {}),
  }));
}

/** Not all of them 0: Istio's validation refuses that. */
function makeWeights(random: Random, count: number): readonly number[] {
  const weights = Array.from({ length: count }, () => random.pick([0, 1, 10, 50, 90, 100]));
  return weights.some((weight) => weight > 0) ? weights : weights.map(() => 50);
}

export function makeDestination(random: Random, { namespace, services }: RouteWords): object {
  const service = random.pick(services);
  const host = random.weighted([
    [service.namespace === namespace ? 6 : 0.3, () => service.name],
    [6, () => `${service.name}.${service.namespace}.svc.cluster.local`],
    [0.4, () => `${service.name}.${service.namespace}`],
    [0.3, () => 'missing'],
  ]);
  return {
    host: service.host ?? host,
    ...(random.chance(0.55) ? { subset: random.pick(VERSIONS) } : {}),
    ...(random.chance(service.ports.length > 1 ? 0.8 : 0.3)
      ? { port: { number: random.pick([...service.ports, ...service.ports, 80, 1234]) } }
      : {}),
  };
}

function makeRedirect(random: Random, canRewritePrefix: boolean): object {
  const { uri, ...rest } = makeRedirectTo(random);
  return canRewritePrefix && random.chance(0.3)
    ? { ...rest, prefixRewrite: random.pick(['/', '/new', '/new/', '/a/b']) }
    : { ...rest, ...(uri === undefined ? {} : { uri }) };
}

function makeRedirectTo(random: Random): { readonly uri?: string; readonly [field: string]: unknown } {
  return {
    ...random.weighted<object>([
      [4, () => ({ uri: random.pick(['/new', '/new?x=1', '/']) })],
      [2, () => ({ uri: '%PREFIX()%/new' })],
      [3, () => ({})],
    ]),
    ...(random.chance(0.5)
      ? { authority: random.pick(['new.example.com', 'new.example.com:8443']) }
      : { uri: '/moved' }),
    ...(random.chance(0.3) ? { scheme: random.pick(['https', 'http']) } : {}),
    ...random.weighted<object>([
      [6, () => ({})],
      [2, () => ({ port: random.pick([80, 443, 8443]) })],
      [1, () => ({ derivePort: random.pick(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']) })],
    ]),
    ...(random.chance(0.4) ? { redirectCode: random.pick([301, 302, 303, 307, 308]) } : {}),
  };
}

function makeDirectResponse(random: Random): object {
  return {
    status: random.pick(DIRECT_STATUSES),
    ...(random.chance(0.6) ? { body: { string: random.pick(['no', 'gone fishing', '{"ok":false}']) } } : {}),
  };
}

function makeRewrite(random: Random): object {
  return {
    ...random.weighted<object>([
      [5, () => ({ uri: random.pick(['/', '/new', '/new/', ...PATHS]) })],
      [2, () => ({ uriRegexRewrite: makeRegexRewrite(random) })],
      [1, () => ({ authority: 'x.internal' })],
    ]),
    ...(random.chance(0.4) ? { authority: random.pick(['rewritten.example.com', 'web']) } : {}),
  };
}

function makeRegexRewrite(random: Random): object {
  return random.pick([
    { match: '^/api/(.*)$', rewrite: '/v2/\\1' },
    { match: '/api', rewrite: '/x' },
    { match: '([a-z]+)/([a-z0-9]+)', rewrite: '\\2/\\1' },
    { match: 'a', rewrite: '\\0\\0' },
    { match: '[0-9]*', rewrite: '-' },
  ]);
}

function makeHeaderOperations(random: Random): object {
  const set = random.maybe(0.5, () => makeValues(random, true));
  // Istio's validation refuses an authority that is set twice.
  const add = random.maybe(0.5, () => makeValues(random, set === undefined));
  const remove = random.maybe(0.4, () => [random.pick(['x-version', 'X-User', 'accept', 'x-added'])]);
  return { request: { set, add, remove }, ...(random.chance(0.2) ? { response: { set: { 'x-answer': 'yes' } } } : {}) };
}

function makeValues(random: Random, withAuthority: boolean): object {
  const authority = withAuthority ? random.maybe(0.15, () => random.pick(['host', ':authority'])) : undefined;
  const names = random.some(['x-added', 'x-version', 'X-User', 'accept'], random.integer(1, 2));
  const values = names.map((name) => [name, random.pick(['1', 'v2', '100%%', 'a b', ...HEADER_VALUES.slice(0, 5)])]);
  return Object.fromEntries(authority === undefined ? values : [[authority, 'set.example.com'], ...values]);
}

function makeFault(random: Random): object {
  const percentage = () =>
    random.weighted<object>([
      [5, () => ({ percentage: { value: 100 } })],
      [1, () => ({ percentage: { value: 50 } })],
      [1, () => ({ percentage: { value: 0 } })],
      [1, () => ({})],
    ]);
  return random.weighted<object>([
    [4, () => ({ abort: { httpStatus: random.pick([400, 500, 503, 418]), ...percentage() } })],
    [1, () => ({ abort: { grpcStatus: random.pick(['UNAVAILABLE', 'NOT_FOUND']), ...percentage() } })],
    [1, () => ({ delay: { fixedDelay: '0.005s', ...percentage() } })],
  ]);
}
