/*
 * What a client of gRPC should be told in place of an HTTP status. Written from gRPC's and Envoy's documents and not from
 * src/envoy, since it is one of the things that src/envoy is held against.
 */
import type { Ask } from './manifest';
import type { Observation } from './observation';

/** The codes by number (grpc.io, status codes). */
const CODES = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED'],
  ...['INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
];

/** The name of the code that a client saw. */
export function codeSeen(seen: Observation): string | undefined {
  const number = seen.kind === 'http' ? seen.grpcStatus : undefined;
  return number === undefined ? undefined : nameOfCode(number);
}

export function nameOfCode(number: number | string): string {
  return CODES[Number(number)] ?? String(number);
}

export function isGrpcCall({ headers }: Ask): boolean {
  const types = headers.filter(([name]) => name.toLowerCase() === 'content-type').map(([, value]) => value);
  return types.length === 1 && (types[0] === 'application/grpc' || types[0].startsWith('application/grpc+'));
}

/** Whether a proxy's own 503 or 504 is what the client saw, in its own words. */
export function isUnavailable(ask: Ask, seen: Observation, status: 503 | 504): boolean {
  if (seen.kind !== 'http' || seen.received !== undefined) {
    return false;
  }
  return isGrpcCall(ask) ? seen.status === 200 && codeSeen(seen) === 'UNAVAILABLE' : seen.status === status;
}
