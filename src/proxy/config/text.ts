/*
 * A configuration as tables, as `istioctl proxy-config` prints them.
 */
import type { Place } from '../../manifests/object';
import { nameOf } from '../../manifests/object';
import { shortName } from '../../syntax/hosts';
import { printable } from '../../syntax/printable';
import { count, cut } from '../../syntax/wording';
import { DEFAULT_RETRIES } from '../retries';
import type {
  ChainConfig,
  ClusterConfig,
  ListenerConfig,
  ProxyConfig,
  RedirectConfig,
  RouteEntry,
  WeightedClusterConfig,
} from './proxy-config';

export type Part = 'listeners' | 'routes' | 'clusters' | 'skipped';

const TABLES: Readonly<Record<Part, (config: ProxyConfig) => readonly Row[]>> = {
  listeners: ({ listeners }) => [['ADDRESS', 'PORT', 'FOR', 'TO', 'FROM'], ...listeners.flatMap(listenerRows)],
  routes: ({ routes }) => [
    ['ROUTES', 'VIRTUAL HOST', 'DOMAINS', 'MATCH', 'TO', 'FROM'],
    ...routes.flatMap(({ name, virtualHosts }) =>
      virtualHosts.flatMap((host) => {
        const to = [name, host.name, shortList(host.domains, 1)];
        const first: readonly Row[] = host.requireTls ? [[...to, 'plain HTTP', 'redirect to https', '']] : [];
        const rest = host.routes.map((route) => [...to, cut(route.text), doneBy(route), placeText(route.origin)]);
        return first.length + rest.length === 0 ? [[...to, '', '404', '']] : [...first, ...rest];
      }),
    ),
  ],
  clusters: ({ clusters }) => [
    ['HOST', 'PORT', 'SUBSET', 'TYPE', 'HTTP', 'ENDPOINTS', 'FROM'],
    ...clusters.map((cluster) => [
      cluster.host,
      `${cluster.port}`,
      cluster.subset ?? '',
      cluster.type ?? 'none',
      cluster.httpVersion ?? '',
      endpointsText(cluster),
      placeText(cluster.origin),
    ]),
  ],
  skipped: ({ skipped }) => [
    ['SKIPPED', 'IN', 'WHY'],
    ...skipped.map(({ origin, reason, where = '' }) => [placeText(origin), where, reason]),
  ],
};

type Row = readonly string[];

/** @param parts those to show; none for all */
export function asText(proxies: readonly string[], config: ProxyConfig, parts: readonly Part[]): string {
  const title = printable(shortList(proxies, 5));
  if (config.unknown !== undefined) {
    return `${title}\n  ${printable(config.unknown)}\n`;
  }
  const asked = (Object.keys(TABLES) as Part[]).filter((part) => parts.length === 0 || parts.includes(part));
  // An empty table is shown only to somebody who asks for it.
  const tables = asked.map((part) => TABLES[part](config)).filter((rows) => rows.length > 1 || parts.length > 0);
  return [title, ...tables.map(aligned)].join('\n\n').concat('\n');
}

function aligned(rows: readonly Row[]): string {
  const shown = rows.map((row) => row.map(printable));
  const widths = rows[0].map((_, column) => Math.max(...shown.map((row) => row[column].length)));
  return shown
    .map((row, index) => withoutRepeated(row, shown[index - 1] ?? []))
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column])).join('   ')}`.trimEnd())
    .join('\n');
}

/** What the first cells have in common with the row above is not said again. */
function withoutRepeated(row: Row, above: Row): Row {
  const same = row.findIndex((cell, column) => cell !== above[column]);
  return row.map((cell, column) => (column < same ? '' : cell));
}

function listenerRows({ address, chains, port, refused, service }: ListenerConfig): readonly Row[] {
  const place = [address ?? `address of ${service}`, `${port}`];
  return [
    ...(refused === undefined ? [] : [[...place, '', 'refused by Envoy', refused]]),
    ...chains.map((chain) => [...place, whatFor(chain), whereTo(chain), placeText(chain.origin)]),
  ];
}

function whatFor({ endsTls, prefixRanges, serverNames }: ChainConfig): string {
  const names = serverNames.length === 0 && !endsTls ? [] : [`TLS ${shortList(serverNames, 3) || 'of any name'}`];
  return [...names, ...prefixRanges].join(' ') || 'all';
}

function whereTo({ clusters, routes }: ChainConfig): string {
  return routes === undefined ? clustersText(clusters) : `routes ${routes}`;
}

function doneBy(route: RouteEntry): string {
  const { clusters, directResponse, redirect } = route;
  const main =
    redirect !== undefined
      ? `redirect ${redirectText(redirect)}`
      : directResponse !== undefined
        ? `answer ${directResponse.status}`
        : clustersText(clusters) || 'nowhere';
  return [main, ...detailsOf(route)].join('; ');
}

function detailsOf(route: RouteEntry): readonly string[] {
  const { cors, fault, mirrors, prefixRewrite, regexRewrite, retries, timeoutMillis } = route;
  const forwards = route.redirect === undefined && route.directResponse === undefined;
  const hosts = new Set(route.clusters.flatMap(({ hostRewrite }) => hostRewrite ?? []));
  return [
    ...(route.name === '' || route.origin === undefined ? [] : [`name ${route.name}`]),
    ...(prefixRewrite === undefined ? [] : [`path to ${prefixRewrite}`]),
    ...(regexRewrite === undefined ? [] : [`path ${cut(regexRewrite.pattern)} to ${regexRewrite.substitution}`]),
    ...[...hosts].map((host) => `authority to ${host}`),
    ...mirrors.map(
      ({ cluster, percentage }) =>
        `copy${percentage === 100 ? '' : ` ${percentText(percentage)}`} to ${clusterText(cluster)}`,
    ),
    ...(timeoutMillis === undefined ? [] : [`timeout ${timeoutMillis} ms`]),
    ...(!forwards || route.origin === undefined ? [] : retries === undefined ? ['no retries'] : retriesText(retries)),
    ...(fault?.abortStatus === undefined
      ? []
      : [`abort ${percentText(fault.abortPercentage)} with ${fault.abortGrpcStatus ?? fault.abortStatus}`]),
    ...(fault?.delayMillis === undefined
      ? []
      : [`delay ${percentText(fault.delayPercentage)} by ${fault.delayMillis} ms`]),
    ...(cors === undefined || !forwards ? [] : [`CORS for ${originsText(cors)}`]),
  ];
}

function originsText({ allowOrigins, forwardNotMatchingPreflights }: NonNullable<RouteEntry['cors']>): string {
  const origins = allowOrigins.map(({ kind, value }) => cut(kind === 'exact' ? value : `${kind} ${value}`));
  return `${shortList(origins, 3) || 'nobody'}${forwardNotMatchingPreflights ? '' : ', other preflights ignored'}`;
}

/** Istio's own are everywhere, so nothing is said of them. */
function retriesText({
  attempts,
  perTryTimeoutMillis,
  retryOn,
}: NonNullable<RouteEntry['retries']>): readonly string[] {
  const { attempts: usual, retryOn: usualReason } = DEFAULT_RETRIES;
  if (attempts === usual && retryOn === usualReason && perTryTimeoutMillis === undefined) {
    return [];
  }
  const limit = perTryTimeoutMillis === undefined ? '' : ` of ${perTryTimeoutMillis} ms`;
  const reason = retryOn === usualReason ? '' : ` on ${retryOn}`;
  return [`${attempts} ${attempts === 1 ? 'retry' : 'retries'}${limit}${reason}`];
}

function redirectText(redirect: RedirectConfig): string {
  const { hostRedirect = '', pathRedirect, portRedirect, prefixRewrite, responseCode, schemeRedirect } = redirect;
  const scheme = schemeRedirect === undefined ? '' : `${schemeRedirect}://`;
  const port = portRedirect === undefined ? '' : `:${portRedirect}`;
  const path = pathRedirect ?? (prefixRewrite === undefined ? '' : `${prefixRewrite}…`);
  return `${responseCode ?? 'with a code that Envoy does not know'} ${scheme}${hostRedirect}${port}${path}`.trimEnd();
}

function clustersText(clusters: readonly WeightedClusterConfig[]): string {
  return clusters
    .map(({ cluster, weight }) => `${clusters.length > 1 ? `${percentText(weight)} ` : ''}${clusterText(cluster)}`)
    .join(', ');
}

/** `apis.apis:80 v2` for `outbound|80|v2|apis.apis.svc.cluster.local`. */
function clusterText(name: string): string {
  const [, port, subset, host] = name.split('|');
  return host === undefined ? name : `${shortName(host)}:${port}${subset === '' ? '' : ` ${subset}`}`;
}

function endpointsText({ endpoints, state, targetPort, text }: ClusterConfig): string {
  if (state !== 'usable' || endpoints.length === 0) {
    return text;
  }
  const all = endpoints.map((each) => `${nameOf(each)} (${count(each.replicas, 'replica')})`);
  return `${shortList(all, 3)}${targetPort === undefined ? '' : `, port ${targetPort}`}`;
}

function percentText(percent: number): string {
  return `${Math.round(percent * 100) / 100}%`;
}

function placeText(place: Place | undefined): string {
  return place === undefined ? '' : `${nameOf(place)}${place.path === undefined ? '' : ` ${place.path}`}`;
}

function shortList(items: readonly string[], most: number): string {
  const more = items.length - most;
  return more <= 0 ? items.join(', ') : `${items.slice(0, most).join(', ')} and ${more} more`;
}
