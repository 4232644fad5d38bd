/*
 * Routes and virtual hosts as plain data.
 */
import { placeIn } from '../../manifests/object';
import { isPresence } from '../../model/string-match';
import { isClaim } from '../../predicate/match/claim';
import type { Condition, Field } from '../../predicate/match/condition';
import { conditionInWords } from '../../predicate/match/conditions';
import type { Action } from '../action';
import type { WeightedCluster } from '../cluster';
import type { Cors } from '../cors';
import type { RedirectAction } from '../redirect';
import type { LeftOut, Route } from '../routes';
import type { VirtualHost } from '../virtual-host';
import { clusterName } from './cluster-config';
import type {
  CorsConfig,
  NamedMatchConfig,
  RedirectConfig,
  RouteEntry,
  RouteMatchConfig,
  Skipped,
  VirtualHostConfig,
  WeightedClusterConfig,
} from './proxy-config';

/** In the order of their names, as istiod has them (`SortVirtualHosts`). */
export function sortedByName(hosts: readonly VirtualHost[]): readonly VirtualHost[] {
  return [...hosts].sort((a, b) => compare(a.name, b.name));
}

export function virtualHostConfig({ name, domains, requireTls, routes }: VirtualHost): VirtualHostConfig {
  return { name, domains, requireTls, routes: routes.map(routeEntry) };
}

function routeEntry({ action, conditions, name, origin }: Route): RouteEntry {
  const { cors, directResponse, fault, mirrors, redirect, retries, timeoutMillis } = action;
  const written = origin?.match ?? origin?.rule;
  return {
    name,
    match: matchConfig(conditions),
    text: conditions.map(conditionInWords).join(' and ') || 'every request',
    clusters: weighted(action.clusters),
    mirrors: mirrors.map(({ cluster, percentage }) => ({ cluster: clusterName(cluster), percentage })),
    redirect: redirect && redirectConfig(redirect),
    directResponse: directResponse && { status: directResponse.status, body: directResponse.body || undefined },
    ...pathRewrite(action),
    timeoutMillis,
    retries,
    fault,
    cors: cors && corsConfig(cors),
    origin: written && placeIn(written.object, written.path),
  };
}

export function weighted(clusters: readonly WeightedCluster[]): readonly WeightedClusterConfig[] {
  return clusters.map(({ cluster, forwarding, weight }) => ({
    cluster: clusterName(cluster),
    weight,
    hostRewrite: forwarding.authority,
  }));
}

/** Whatever of the path matched, Istio calls it a prefix. */
function pathRewrite({ clusters }: Action): Pick<RouteEntry, 'prefixRewrite' | 'regexRewrite'> {
  const path = clusters[0]?.forwarding.path;
  if (path?.kind === 'regex') {
    return { regexRewrite: { pattern: path.pattern, substitution: path.replacement } };
  }
  return { prefixRewrite: path?.path };
}

function redirectConfig(redirect: RedirectAction): RedirectConfig {
  return {
    responseCode: redirect.status,
    schemeRedirect: redirect.scheme || undefined,
    hostRedirect: redirect.authority || undefined,
    portRedirect: redirect.port,
    pathRedirect: redirect.prefixRewrite === '' ? redirect.path || undefined : undefined,
    prefixRewrite: redirect.prefixRewrite || undefined,
  };
}

function corsConfig({ answersAll, origins, policy }: Cors): CorsConfig {
  const { allowCredentials, allowHeaders, allowMethods, exposeHeaders, maxAgeMs } = policy;
  return {
    allowOrigins: origins.map(({ kind, value }) => ({ kind, value })),
    allowMethods,
    allowHeaders,
    exposeHeaders,
    allowCredentials,
    maxAgeSeconds: maxAgeMs === undefined ? undefined : Math.trunc(maxAgeMs / 1000),
    forwardNotMatchingPreflights: !answersAll,
  };
}

const PSEUDO_HEADERS: readonly Field[] = ['method', 'authority', 'scheme'];

/** The match of a rule without one. */
export const ANY_REQUEST: RouteMatchConfig = matchConfig([]);

function matchConfig(conditions: readonly Condition[]): RouteMatchConfig {
  const of = (...fields: readonly Field[]) => conditions.filter(({ field }) => fields.includes(field));
  const [path] = of('uri');
  const headers = of('headers', 'withoutHeaders');
  return {
    path: path === undefined ? { kind: 'prefix', value: '/' } : { kind: path.value.kind, value: path.value.value },
    ignoreCase: path?.ignoresCase ?? false,
    headers: [
      ...headers
        .filter(({ name }) => !isClaim(name))
        .map(namedMatch)
        .sort((a, b) => compare(a.name, b.name)),
      ...PSEUDO_HEADERS.flatMap((field) => of(field)).map((each) => ({ ...namedMatch(each), name: `:${each.name}` })),
    ],
    queryParameters: of('queryParams').map(namedMatch),
    claims: headers.filter(({ name }) => isClaim(name)).map(namedMatch),
  };
}

function namedMatch({ field, name, value }: Condition): NamedMatchConfig {
  const invert = field === 'withoutHeaders';
  return isPresence(value)
    ? { name, kind: 'present', value: '', invert }
    : { name, kind: value.kind, value: value.value, invert };
}

/** What was left out of a route configuration, each part once. */
export function skippedRules(where: string, leftOut: readonly LeftOut[]): readonly Skipped[] {
  const skipped = leftOut.map(({ match, reason, rule }) => ({ written: match ?? rule, reason }));
  return [
    ...new Map(
      skipped.map((each) => [
        `${each.written.object.namespace}/${each.written.object.name} ${each.written.path} ${each.reason}`,
        each,
      ]),
    ).values(),
  ].map(({ reason, written }) => ({ where, reason, origin: placeIn(written.object, written.path) }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
