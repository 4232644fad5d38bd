/*
 * Delegates: routes of a VirtualService that live in another one (`mergeHTTPRoutes`, pilot/pkg/model/virtualservice.go).
 * A merged route matches what both the root's rule and the delegate's rule match; what cannot be both is dropped.
 */

import { nameOf } from '../manifests/object';
import type { HttpMatch, HttpRoute } from './http-route';
import type { StringMatch } from './string-match';
import type { VirtualService } from './virtual-service';
import { visibilityOf } from './visibility';

/** A rule that Istio leaves out although it was written. */
export interface DroppedRoute {
  readonly route: HttpRoute;
  /** The rule of the root that delegates. */
  readonly via: HttpRoute;
  readonly reason: string;
}

interface MergedRoutes {
  readonly http: readonly HttpRoute[];
  readonly dropped: readonly DroppedRoute[];
}

/** The http routes of `root` with those of its delegates in their places. `find` looks up a delegate by `namespace/name`. */
export function mergeDelegates(root: VirtualService, find: (ref: string) => VirtualService | undefined): MergedRoutes {
  const http: HttpRoute[] = [];
  const dropped: DroppedRoute[] = [];
  for (const route of root.http) {
    if (route.delegate === undefined) {
      http.push(route);
      continue;
    }
    const ref = `${route.delegate.namespace}/${route.delegate.name}`;
    const delegate = find(ref);
    const reason = complaintAboutDelegate(delegate, ref, root);
    if (delegate === undefined || reason !== undefined) {
      dropped.push({ route, via: route, reason: reason ?? '' });
      continue;
    }
    for (const inner of delegate.http) {
      const match = mergeMatches(route.match, inner.match);
      if (match === undefined) {
        dropped.push({
          route: inner,
          via: route,
          reason: `its match contradicts that of ${nameOf(root.object)}, ${route.path}`,
        });
      } else {
        http.push(mergeRoute(route, inner, match));
      }
    }
  }
  return { http, dropped };
}

function complaintAboutDelegate(
  delegate: VirtualService | undefined,
  ref: string,
  root: VirtualService,
): string | undefined {
  if (delegate === undefined) {
    return `its delegate, VirtualService ${ref}, does not exist`;
  }
  if (delegate.hosts.length > 0) {
    return `its delegate, VirtualService ${ref}, has hosts of its own, and only one without hosts can be a delegate`;
  }
  const { namespace } = root.object;
  if (visibilityOf(delegate.exportTo, delegate.object.namespace, namespace) === undefined) {
    return `its delegate, VirtualService ${ref}, is not exported to namespace ${namespace}`;
  }
  return undefined;
}

/** The delegate's rule, with what the root's rule says wherever the delegate's says nothing. */
function mergeRoute(root: HttpRoute, inner: HttpRoute, match: readonly HttpMatch[]): HttpRoute {
  return {
    ...inner,
    delegate: undefined,
    match,
    name: joinNames(root.name, inner.name),
    rewrite: inner.rewrite ?? root.rewrite,
    directResponse: inner.directResponse ?? root.directResponse,
    timeoutMs: inner.timeoutMs ?? root.timeoutMs,
    retries: inner.retries ?? root.retries,
    fault: inner.fault ?? root.fault,
    mirror: inner.mirror ?? root.mirror,
    mirrorPercentage: inner.mirrorPercentage ?? root.mirrorPercentage,
    mirrors: inner.mirrors ?? root.mirrors,
    headers: inner.headers ?? root.headers,
  };
}

/** Every pair of the two lists that can hold at once; undefined when some match of the delegate fits none of the root's. */
function mergeMatches(root: readonly HttpMatch[], inner: readonly HttpMatch[]): readonly HttpMatch[] | undefined {
  if (root.length === 0 || inner.length === 0) {
    return root.length === 0 ? inner : root;
  }
  const merged: HttpMatch[] = [];
  for (const leaf of inner) {
    const compatible = root.filter((outer) => !contradicts(outer, leaf));
    if (compatible.length === 0) {
      return undefined;
    }
    merged.push(...compatible.map((outer) => mergeMatch(outer, leaf)));
  }
  return merged;
}

function mergeMatch(root: HttpMatch, leaf: HttpMatch): HttpMatch {
  return {
    object: leaf.object,
    path: leaf.path,
    name: joinNames(root.name, leaf.name),
    uri: leaf.uri ?? root.uri,
    scheme: leaf.scheme ?? root.scheme,
    method: leaf.method ?? root.method,
    authority: leaf.authority ?? root.authority,
    headers: mergeNamed(root.headers, leaf.headers),
    withoutHeaders: mergeNamed(root.withoutHeaders, leaf.withoutHeaders),
    queryParams: mergeNamed(root.queryParams, leaf.queryParams),
    ignoreUriCase: leaf.ignoreUriCase,
    port: leaf.port || root.port,
    gateways: leaf.gateways.length > 0 ? leaf.gateways : root.gateways,
    sourceLabels: new Map([...root.sourceLabels, ...leaf.sourceLabels]),
    sourceNamespace: leaf.sourceNamespace || root.sourceNamespace,
  };
}

function contradicts(root: HttpMatch, leaf: HttpMatch): boolean {
  return (
    stringsContradict(root.uri, leaf.uri) ||
    stringsContradict(root.scheme, leaf.scheme) ||
    stringsContradict(root.method, leaf.method) ||
    stringsContradict(root.authority, leaf.authority) ||
    namedContradict(root.headers, leaf.headers) ||
    namedContradict(root.withoutHeaders, leaf.withoutHeaders) ||
    namedContradict(root.queryParams, leaf.queryParams) ||
    root.ignoreUriCase !== leaf.ignoreUriCase ||
    (root.port > 0 && leaf.port > 0 && root.port !== leaf.port) ||
    (root.sourceNamespace !== '' && root.sourceNamespace !== leaf.sourceNamespace) ||
    [...leaf.sourceLabels].some(([key, value]) => (root.sourceLabels.get(key) ?? value) !== value) ||
    (root.gateways.length > 0 && leaf.gateways.some((gateway) => !root.gateways.includes(gateway)))
  );
}

type Named = HttpMatch['headers'];

function namedContradict(root: Named, leaf: Named): boolean {
  return leaf.some(({ name, match }) => stringsContradict(root.find((other) => other.name === name)?.match, match));
}

function mergeNamed(root: Named, leaf: Named): Named {
  return [...root.filter((outer) => !leaf.some((inner) => inner.name === outer.name)), ...leaf];
}

/** Whether `leaf` does not narrow `root`. Istio compares only prefixes and exact values, and takes anything else for a conflict. */
function stringsContradict(root: StringMatch | undefined, leaf: StringMatch | undefined): boolean {
  if (root === undefined || leaf === undefined) {
    return false;
  }
  if (root.value === '' || leaf.value === '' || root.kind === 'regex' || leaf.kind === 'regex') {
    return true;
  }
  if (root.kind === 'exact') {
    return leaf.kind !== 'exact' || leaf.value !== root.value;
  }
  return !leaf.value.startsWith(root.value);
}

function joinNames(root: string, inner: string): string {
  return root === '' || inner === '' ? root || inner : `${root}-${inner}`;
}
