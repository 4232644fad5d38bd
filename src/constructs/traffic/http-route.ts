/*
 * One route of a mesh as entries of a VirtualService's `http`.
 */
import type {
  VirtualServiceSpecHttp,
  VirtualServiceSpecHttpMatch,
  VirtualServiceSpecHttpRoute,
  VirtualServiceSpecHttpRouteDestination,
} from '../../../imports/networking.istio.io';
import type { ServiceVersion } from '../workload/service-version';
import type { Alternative } from './condition';
import { toCorsPolicy } from './cors';
import { toHeaders } from './header-modifiers';
import { toHttpMatch } from './http-match';
import { type Mount, mounted } from './mount';
import { toRedirect, toResponse } from './own-answers';
import type { RequestMatch } from './request-match';
import { toRewrite } from './rewrite';
import type { Forward, Route, Rule } from './route';
import type { RedirectOptions, RouteOptions, TrafficTarget } from './route-options';
import { setCookie, staysOf, withCookie } from './session-affinity';
import { type Share, sharesOf, weightsOf } from './shares';
import { toTolerance } from './tolerance';

/** Where requests come in: at the gateway, or from sidecars inside the mesh. */
export type Entrance = 'gateway' | 'mesh';

/** Where a route is written. */
export interface Site {
  readonly entrance: Entrance;
  /** That of the VirtualService. */
  readonly namespace: string | undefined;
  /** Whether clients come by HTTPS only, as far as is known. */
  readonly isHttps: boolean;
  /** At the gateway, where the service lies below folders. */
  readonly mount?: Mount;
}

/** What is written for a route: itself, and before it the entries for users who stay on one of its versions. */
interface Entries {
  readonly stays: readonly VirtualServiceSpecHttp[];
  readonly main: readonly VirtualServiceSpecHttp[];
}

/** The entries of a route, first the one that is tried first; none where it has no say at that entrance. */
export function toHttpEntries(route: Route, site: Site): VirtualServiceSpecHttp[] {
  const { stays, main } = entriesOf(route._rule(), site);
  return [...stays.map((entry) => route._patched(entry, true)), ...main.map((entry) => route._patched(entry, false))];
}

/** Whether a rule is written otherwise at the gateway than inside the mesh. */
export function differsByEntrance({ match, isEntry, action }: Rule): boolean {
  return (
    isEntry === true ||
    (match?._isFromSource() ?? false) ||
    (action.kind === 'forward' && action.options.sessionAffinity !== undefined)
  );
}

function entriesOf(rule: Rule, site: Site): Entries {
  const { name, match, action, isEntry } = rule;
  if (isEntry && site.entrance === 'mesh') {
    return { stays: [], main: [] };
  }
  switch (action.kind) {
    case 'redirect':
      return { stays: [], main: redirected(rule, action.options, site) };
    case 'respond':
      return { stays: [], main: entry(site, name, match, toResponse(action.options)) };
    case 'forward':
      return forwarded(rule, action, site);
  }
}

/** Users who stay on a version come before the shares, which draw all others. */
function forwarded({ name, match }: Rule, { version, options }: Forward, site: Site): Entries {
  const shares = sharesOf(version, options.split);
  const rest = restOf(options, match, site);
  const affinity = site.entrance === 'gateway' ? options.sessionAffinity : undefined;
  const stays = affinity === undefined ? [] : staysOf(shares, affinity);
  return {
    stays: stays.flatMap((stay) =>
      entry(site, name && `${name}-${stay.version.version}`, withCookie(match, stay.match), {
        route: [{ destination: destinationOf(stay.version, site) }],
        ...rest,
      }),
    ),
    main: entry(site, name, match, { route: destinations(shares, options, site), ...rest }),
  };
}

function redirected({ name, match }: Rule, options: RedirectOptions, site: Site): VirtualServiceSpecHttp[] {
  return redirectsAt(options, site.mount).flatMap(({ options: led, mount }) =>
    entry({ ...site, mount }, name, match, toRedirect(led)),
  );
}

/** A redirect as it stands at the gateway: a path that the app sees lies below each folder of its service. */
export function redirectsAt(
  options: RedirectOptions,
  mount: Mount | undefined,
): { readonly options: RedirectOptions; readonly mount?: Mount }[] {
  const { path, host } = options;
  if (mount?.root === undefined || path === undefined || host !== undefined) {
    return [{ options, mount }];
  }
  const { paths, root } = mount;
  return paths.map((folder) => ({
    options: { ...options, path: folder + path.slice(root.length) },
    mount: { paths: [folder], root },
  }));
}

function destinations(
  shares: readonly Share[],
  { sessionAffinity }: RouteOptions,
  site: Site,
): VirtualServiceSpecHttpRoute[] {
  if (shares.length === 1) {
    return [{ destination: destinationOf(shares[0].version, site) }];
  }
  const weights = weightsOf(shares);
  return shares.map(({ version }, index) => ({
    destination: destinationOf(version, site),
    weight: weights[index],
    // Added, not set, which would take away the app's own cookies.
    headers:
      sessionAffinity === undefined || site.entrance === 'mesh'
        ? undefined
        : { response: { add: { 'set-cookie': setCookie(shares, version, sessionAffinity, site.isHttps) } } },
  }));
}

function destinationOf(version: ServiceVersion, { namespace }: Site): VirtualServiceSpecHttpRouteDestination {
  return {
    host: version._hostFrom(namespace),
    subset: version.subset,
    // Said in full: Istio refuses to guess as soon as the Service gets a second port.
    port: { number: version.service.port },
  };
}

/** What a route does beside leading to its versions. */
function restOf(options: RouteOptions, match: RequestMatch | undefined, site: Site): VirtualServiceSpecHttp {
  return {
    ...toTolerance(options),
    ...toMirror(options.mirror, site),
    rewrite: toRewrite(options.rewrite, match, site.mount),
    headers: toHeaders(options),
    corsPolicy: toCorsPolicy(options.corsPolicy),
  };
}

function toMirror(mirror: TrafficTarget | undefined, site: Site): VirtualServiceSpecHttp | undefined {
  return mirror && { mirror: destinationOf(mirror.version, site), mirrorPercentage: { value: mirror.percent } };
}

/** One entry; none where no request of that entrance can match. */
function entry(
  site: Site,
  name: string | undefined,
  match: RequestMatch | undefined,
  fields: VirtualServiceSpecHttp,
): VirtualServiceSpecHttp[] {
  const matches = matchesOf(match, site);
  return matches?.length === 0 ? [] : [{ name, match: matches, ...fields }];
}

/** The match list at an entrance; undefined for every request there. */
function matchesOf(match: RequestMatch | undefined, site: Site): VirtualServiceSpecHttpMatch[] | undefined {
  return match === undefined && site.mount === undefined ? undefined : alternativesAt(match, site).map(toHttpMatch);
}

/** What a rule, or without a match a default route, asks of requests at an entrance. */
export function alternativesAt(
  match: RequestMatch | undefined,
  { entrance, mount }: Pick<Site, 'entrance' | 'mount'>,
): readonly Alternative[] {
  const alternatives = match?._alternatives() ?? [[]];
  const here =
    entrance === 'gateway' ? alternatives.filter((alternative) => !asksAboutCaller(alternative)) : alternatives;
  return mount === undefined ? here : mounted(mount, here);
}

/** A gateway would be taken for the caller itself. */
function asksAboutCaller(alternative: Alternative): boolean {
  return alternative.some(({ on }) => on === 'sourceLabels' || on === 'sourceNamespace');
}
