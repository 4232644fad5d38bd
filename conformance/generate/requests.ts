/*
 * Requests aimed at the edges of a mesh: such as fulfil one of its matches, and such as just fail to.
 */
import fc from 'fast-check';
import type { Ask, Manifest } from '../manifest';
import type { Random } from '../random';
import type { Match, StringMatch } from './matches';
import { type Place, placesOf } from './places';
import {
  HEADER_NAMES,
  HEADER_VALUES,
  HOSTS,
  METHODS,
  ODD_TARGETS,
  ORIGINS,
  PATHS,
  QUERY_NAMES,
  QUERY_VALUES,
} from './vocabulary';

/** What a request is made of, before it is written down. */
interface Draft {
  host: string;
  port: number;
  method: string;
  target: string;
  query: string;
  headers: [name: string, value: string][];
}

interface Aim {
  readonly hosts: readonly string[];
  readonly match: Match;
  /** Whether the rule says something about retries or time. */
  readonly isTimed: boolean;
  /** Whether it has a CORS policy. */
  readonly hasCors: boolean;
  /** Where a gateway lets requests for the hosts in, as far as a glance tells. */
  readonly places: readonly Place[];
}

/** Everything in a mesh at which requests can be aimed. */
export function aimsOf(manifests: readonly Manifest[]): readonly Aim[] {
  return manifests
    .filter(({ kind }) => kind === 'VirtualService')
    .flatMap(({ metadata, spec }) => {
      const {
        hosts = [],
        http = [],
        tls = [],
        gateways = [],
      } = spec as {
        hosts?: readonly string[];
        http?: readonly { match?: readonly Match[]; retries?: object; timeout?: string; corsPolicy?: object }[];
        tls?: readonly { match?: readonly { sniHosts?: readonly string[] }[] }[];
        gateways?: readonly string[];
      };
      const places = placesOf(manifests, metadata.namespace ?? '', hosts, gateways);
      const byRequest = http.flatMap(({ match = [{}], retries, timeout, corsPolicy }) =>
        match.map((each) => ({
          hosts,
          match: each,
          isTimed: retries !== undefined || timeout !== undefined,
          hasCors: corsPolicy !== undefined,
          places,
        })),
      );
      const byName = tls.flatMap(({ match = [] }) =>
        match.map(({ sniHosts = [] }) => ({
          ...{ hosts: sniHosts, match: {}, isTimed: false, hasCors: false },
          places: placesOf(manifests, metadata.namespace ?? '', sniHosts, gateways),
        })),
      );
      return [...byRequest, ...byName];
    });
}

/** @param ports those that some server has */
export function makeAsk(random: Random, aims: readonly Aim[], ports: readonly number[]): Ask {
  const aim =
    aims.length === 0 ? { hosts: [], match: {}, isTimed: false, hasCors: false, places: [] } : random.pick(aims);
  const place = aim.places.length > 0 && random.chance(0.8) ? random.pick(aim.places) : undefined;
  const draft: Draft = {
    host: concrete(random, place?.host ?? hostFor(random, aim)),
    port: place?.port ?? portFrom(random, ports),
    method: random.chance(0.8) ? 'GET' : random.pick(METHODS),
    target: random.pick(PATHS),
    query: '',
    headers: [],
  };
  fulfil(random, aim.match, draft);
  if (random.chance(aim.hasCors ? 0.7 : 0.01)) {
    askAsBrowser(random, draft);
  }
  const changes = random.weighted([
    [4, () => 0],
    [4, () => 1],
    [2, () => 2],
  ]);
  for (let made = 0; made < changes; made++) {
    disturb(random, draft);
  }
  if (random.chance(aim.isTimed ? 0.5 : 0.02)) {
    draft.headers.push(['x-backend', random.pick(['fail=1', 'fail=1', 'fail=2', 'fail=9', 'slow=1600'])]);
  }
  return written(random, draft);
}

/** A preflight, or nearly one. */
function askAsBrowser(random: Random, draft: Pick<Draft, 'method' | 'headers'>): void {
  const header = (name: string, value: string) => (random.chance(0.92) ? draft.headers.push([name, value]) : undefined);
  draft.method = random.chance(0.92) ? 'OPTIONS' : draft.method;
  header(random.pick(['origin', 'Origin']), random.chance(0.95) ? random.pick(ORIGINS) : '');
  header('access-control-request-method', random.chance(0.95) ? random.pick(['POST', 'PATCH', '*']) : '');
  if (random.chance(0.2)) {
    header('access-control-request-headers', 'x-version');
  }
  if (random.chance(0.04)) {
    header('origin', random.pick(ORIGINS));
  }
}

function hostFor(random: Random, { hosts }: Aim): string {
  return random.pick(hosts.length === 0 || random.chance(0.12) ? HOSTS : hosts);
}

function portFrom(random: Random, ports: readonly number[]): number {
  return random.pick(ports.length === 0 || random.chance(0.04) ? [80, 8080, 9000, 443] : ports);
}

/** A name that a host with a wildcard covers. */
export function concrete(random: Random, host: string): string {
  if (!host.startsWith('*')) {
    return host;
  }
  return host === '*'
    ? random.pick(['a.example.com', 'x', 'b.example.org'])
    : `${random.pick(['a', 'x', 'x.y'])}${host.slice(1)}`;
}

function fulfil(random: Random, match: Match, draft: Draft): void {
  if (match.uri !== undefined) {
    draft.target = satisfying(random, match.uri, PATHS);
  }
  for (const [name, wanted] of Object.entries(match.headers ?? {})) {
    draft.headers.push([name, satisfying(random, wanted, HEADER_VALUES)]);
  }
  for (const [name, unwanted] of Object.entries(match.withoutHeaders ?? {})) {
    if (random.chance(0.5)) {
      draft.headers.push([name, satisfying(random, unwanted, HEADER_VALUES)]);
    }
  }
  for (const [name, wanted] of Object.entries(match.queryParams ?? {})) {
    draft.query = `?${name}=${satisfying(random, wanted, QUERY_VALUES)}`;
  }
  if (match.method !== undefined) {
    draft.method = satisfying(random, match.method, METHODS).replace(/[^A-Z]/g, '');
  }
  if (match.authority !== undefined && random.chance(0.7)) {
    draft.host = concrete(random, satisfying(random, match.authority, HOSTS))
      .replace('/', '.')
      .trim();
  }
  if (match.port !== undefined && random.chance(0.7)) {
    draft.port = match.port;
  }
}

/** A value that a matcher takes; of a regex, one of `candidates` that it takes if some does. */
function satisfying(random: Random, { exact, prefix, regex }: StringMatch, candidates: readonly string[]): string {
  if (exact !== undefined) {
    return exact;
  }
  if (prefix !== undefined) {
    return prefix + random.pick(['', '', '0', '/x', 'x']);
  }
  if (regex !== undefined) {
    const fitting = candidates.filter((candidate) => roughly(regex, candidate));
    return fitting.length > 0 ? random.pick(fitting) : (made(random, regex) ?? random.pick(candidates));
  }
  return random.pick(candidates);
}

/** A value made from the regex itself, of characters that can be sent, as far as JavaScript can tell. */
function made(random: Random, regex: string): string | undefined {
  const seed = random.fork();
  let texts: readonly string[];
  try {
    texts = fc.sample(fc.stringMatching(jsRegex(regex)), { seed, numRuns: 5 });
  } catch {
    // Not all that is a regex to RE2 is one that texts can be made of.
    return undefined;
  }
  return texts.map((text) => text.replaceAll(/[^ -~]/g, 'x').slice(0, 200)).find((text) => roughly(regex, text));
}

function roughly(regex: string, text: string): boolean {
  return jsRegex(regex).test(text);
}

function jsRegex(regex: string): RegExp {
  const source = regex.replaceAll(/\(\?i\)|\\[QE]/g, '');
  return new RegExp(`^(?:${source})$`, regex.includes('(?i)') ? 'i' : '');
}

/** One small change: so that what matched perhaps no longer does. */
function disturb(random: Random, draft: Draft): void {
  random.weighted<void>([
    [
      3,
      () => {
        draft.target = random.pick(ODD_TARGETS);
      },
    ],
    [
      2,
      () => {
        draft.target = random.pick([
          draft.target.toUpperCase(),
          `${draft.target}/`,
          `${draft.target}x`,
          draft.target.slice(0, -1) || '/',
        ]);
      },
    ],
    [
      2,
      () => {
        draft.query = `?${random.pick(QUERY_NAMES)}=${random.pick(QUERY_VALUES).replaceAll(' ', '%20')}`;
      },
    ],
    [
      3,
      () => {
        draft.headers.push([random.pick(HEADER_NAMES), random.pick(HEADER_VALUES)]);
      },
    ],
    [
      2,
      () => {
        repeatHeader(random, draft);
      },
    ],
    [
      2,
      () => {
        draft.headers = draft.headers.map(([name, value]) => [
          random.pick([name.toUpperCase(), name.toLowerCase()]),
          value,
        ]);
      },
    ],
    [
      2,
      () => {
        draft.headers = draft.headers.map(([name, value]) => [
          name,
          random.pick([value.toUpperCase(), `${value}x`, ` ${value}`, '']),
        ]);
      },
    ],
    [
      1,
      () => {
        draft.headers.pop();
      },
    ],
    [
      1,
      () => {
        draft.method = random.pick(METHODS);
      },
    ],
    [
      2,
      () => {
        draft.host = random.pick([
          draft.host.toUpperCase(),
          `x.${draft.host}`,
          `${draft.host}.`,
          draft.host.replace(/^[^.]*\./, ''),
        ]);
      },
    ],
    [
      1,
      () => {
        draft.headers.push([
          random.pick(['x-forwarded-proto', 'x-forwarded-for', 'x-request-id', 'x-envoy-retry-on']),
          random.pick(['https', '1.2.3.4', 'abc']),
        ]);
      },
    ],
  ]);
}

function repeatHeader(random: Random, draft: Draft): void {
  if (draft.headers.length > 0) {
    const [name, value] = random.pick(draft.headers);
    draft.headers.push([name, random.pick([value, ...HEADER_VALUES])]);
  }
}

function written(random: Random, { host, port, method, target, query, headers }: Draft): Ask {
  const withPort = random.weighted([
    [6, () => port !== 80],
    [1, () => true],
    [1, () => false],
  ]);
  const bodiless: [string, string][] = ['POST', 'PUT', 'PATCH'].includes(method) ? [['content-length', '0']] : [];
  return {
    method,
    scheme: 'http',
    connectHost:
      host
        .toLowerCase()
        .replace(/:.*$/, '')
        .replaceAll(/[^a-z0-9.-]/g, '') || 'x',
    port,
    authority: withPort && !host.includes(':') ? `${host}:${port}` : host,
    target:
      (target.includes('?') ? target : target + query).replaceAll(' ', '%20').replaceAll(/[üÜ]/g, encodeURIComponent) ||
      '/',
    headers: [...headers.map(([name, value]): [string, string] => [name, value.trim()]), ...bodiless],
  };
}
