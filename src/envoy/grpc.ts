/*
 * gRPC, as far as a proxy knows of it. Where Envoy answers by itself, clients of gRPC get HTTP 200 and the status in the header
 * `grpc-status` (`Http::Utility::prepareLocalReply`, `Grpc::Utility::httpToGrpcStatus`), and their `grpc-timeout` is a time limit
 * (`Router::FilterUtility::finalTimeout`; Istio sets `max_grpc_timeout` on each route).
 */

/** By number, from 0. */
const STATUSES = `OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED
  RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS
  UNAUTHENTICATED`.split(/\s+/);

/** All others are UNKNOWN: redirects too, and a direct response of 200. */
const BY_HTTP_STATUS: ReadonlyMap<number, string> = new Map([
  [400, 'INTERNAL'],
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'UNIMPLEMENTED'],
  [429, 'UNAVAILABLE'],
  [502, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
  [504, 'UNAVAILABLE'],
]);

/** `application/grpc`, and what has a format behind it. Not gRPC-Web, and none with a parameter. */
export function isGrpcContent(contentType: string): boolean {
  return /^\s*application\/grpc(\+.*|\s*)$/.test(contentType);
}

/** The name of the status that stands for one of HTTP. */
export function grpcStatusFor(httpStatus: number): string {
  return BY_HTTP_STATUS.get(httpStatus) ?? 'UNKNOWN';
}

/** The number with its name, as in `14 (UNAVAILABLE)`. */
export function grpcStatusText(name: string): string {
  const number = STATUSES.indexOf(name);
  return number < 0 ? name : `${number} (${name})`;
}

const MILLIS_BY_UNIT: ReadonlyMap<string, number> = new Map([
  ['H', 3_600_000],
  ['M', 60_000],
  ['S', 1000],
  ['m', 1],
  ['u', 1e-3],
  ['n', 1e-6],
]);

/** What the header `grpc-timeout` says, in milliseconds; undefined where that is nothing, or no limit. */
function readTimeout(header: string | undefined): number | undefined {
  const [, amount, unit] = /^\s*(\d{1,8})([HMSmun])\s*$/.exec(header ?? '') ?? [];
  return amount === undefined ? undefined : Math.ceil(Number(amount) * (MILLIS_BY_UNIT.get(unit) ?? 0)) || undefined;
}

/** The time limit of a call in milliseconds: its own, or the route's where that is shorter. */
export function grpcTimeout(header: string | undefined, routeMillis: number | undefined): number | undefined {
  const own = readTimeout(header);
  return own === undefined || (routeMillis !== undefined && own > routeMillis) ? routeMillis : own;
}

/** At most eight digits are allowed, so long times have a coarser unit. */
export function grpcTimeoutText(millis: number): string {
  const [unit, size] = millis < 1e8 ? ['m', 1] : millis < 1e11 ? ['S', 1000] : millis < 6e12 ? ['M', 6e4] : ['H', 36e5];
  return `${Math.min(Math.floor(millis / Number(size)), 99_999_999)}${unit}`;
}
