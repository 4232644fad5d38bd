/*
 * An http route of a VirtualService, brought into shape: names in full, nothing decided. What each field means is in routing/.
 */
import type { StringMap } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import type { NamedMatch, StringMatch } from './string-match';

export interface Destination {
  readonly path: string;
  readonly writtenHost: string;
  /** The host in full; empty when the manifest gives none. */
  readonly host: string;
  readonly subset?: string;
  readonly port?: number;
}

export interface HeaderOperations {
  readonly path: string;
  readonly requestSet: StringMap;
  readonly requestAdd: StringMap;
  readonly requestRemove: readonly string[];
  readonly responseSet: StringMap;
  readonly responseAdd: StringMap;
  readonly responseRemove: readonly string[];
}

export interface WeightedDestination {
  readonly path: string;
  readonly destination: Destination;
  /** 0 when nothing is written, which matters only among several. */
  readonly weight: number;
  readonly headers?: HeaderOperations;
}

export interface HttpMatch {
  /** The object in which it stands: of a delegate's route, the delegate's or the root's. */
  readonly object: MeshObject;
  readonly path: string;
  readonly name: string;
  readonly uri?: StringMatch;
  readonly scheme?: StringMatch;
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly headers: readonly NamedMatch[];
  readonly withoutHeaders: readonly NamedMatch[];
  readonly queryParams: readonly NamedMatch[];
  readonly ignoreUriCase: boolean;
  /** 0 for every port. */
  readonly port: number;
  /** Resolved; empty for every gateway of the VirtualService. */
  readonly gateways: readonly string[];
  readonly sourceLabels: StringMap;
  /** Empty for every namespace. */
  readonly sourceNamespace: string;
}

export interface Redirect {
  readonly path: string;
  readonly uri: string;
  readonly prefixRewrite: string;
  readonly authority: string;
  readonly scheme: string;
  readonly port?: number;
  /** FROM_PROTOCOL_DEFAULT or FROM_REQUEST_PORT. */
  readonly derivePort?: string;
  /** 0 for the default, 301. */
  readonly code: number;
}

export interface DirectResponse {
  readonly path: string;
  readonly status: number;
  readonly body: string;
}

export interface Rewrite {
  readonly path: string;
  readonly uri: string;
  readonly authority: string;
  readonly regex?: { readonly match: string; readonly rewrite: string };
}

export interface Mirror {
  readonly path: string;
  readonly destination: Destination;
  /** Of requests, in percent. */
  readonly percentage: number;
}

export interface Retries {
  readonly path: string;
  readonly attempts: number;
  readonly retryOn: string;
  readonly perTryTimeoutMs?: number;
}

export interface Fault {
  readonly path: string;
  readonly abort?: {
    readonly path: string;
    readonly httpStatus?: number;
    readonly grpcStatus?: string;
    readonly percentage: number;
  };
  readonly delay?: { readonly path: string; readonly fixedDelayMs: number; readonly percentage: number };
}

/** What scripts of other sites may do. */
export interface CorsPolicy {
  readonly path: string;
  /** One of them is enough. */
  readonly allowOrigins: readonly StringMatch[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials?: boolean;
  readonly maxAgeMs?: number;
  /** FORWARD or IGNORE. */
  readonly unmatchedPreflights: string;
}

export interface Delegate {
  readonly path: string;
  readonly name: string;
  readonly namespace: string;
}

export interface HttpRoute {
  /** The object in which it stands: the VirtualService, or its delegate. */
  readonly object: MeshObject;
  /** `spec.http[2]` of that object. */
  readonly path: string;
  readonly index: number;
  readonly name: string;
  readonly match: readonly HttpMatch[];
  readonly destinations: readonly WeightedDestination[];
  readonly redirect?: Redirect;
  readonly directResponse?: DirectResponse;
  readonly delegate?: Delegate;
  readonly rewrite?: Rewrite;
  readonly timeoutMs?: number;
  readonly retries?: Retries;
  readonly fault?: Fault;
  readonly corsPolicy?: CorsPolicy;
  /** The older form of `mirrors`, for one destination; `mirrorPercentage` belongs to it alone. */
  readonly mirror?: Destination;
  readonly mirrorPercentage?: number;
  readonly mirrors?: readonly Mirror[];
  readonly headers?: HeaderOperations;
}

/** Where copies of the route's requests go, both forms together. */
export function mirrorsOf(route: HttpRoute): readonly Mirror[] {
  const { mirror, mirrorPercentage = 100, mirrors = [] } = route;
  const older = mirror === undefined ? [] : [{ path: mirror.path, destination: mirror, percentage: mirrorPercentage }];
  return [...older, ...mirrors];
}

/** Without those that get none. */
export function mirrorsInForce(route: HttpRoute): readonly Mirror[] {
  return mirrorsOf(route).filter(({ percentage }) => percentage > 0);
}
