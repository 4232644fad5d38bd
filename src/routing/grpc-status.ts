/*
 * The HTTP status that Envoy answers for a gRPC status when the request is not gRPC (`Grpc::Utility::grpcToHttpStatus`).
 */
const HTTP_STATUS: ReadonlyMap<string, number> = new Map([
  ['OK', 200],
  ['CANCELLED', 499],
  ['UNKNOWN', 500],
  ['INVALID_ARGUMENT', 400],
  ['DEADLINE_EXCEEDED', 504],
  ['NOT_FOUND', 404],
  ['ALREADY_EXISTS', 409],
  ['PERMISSION_DENIED', 403],
  ['RESOURCE_EXHAUSTED', 429],
  ['FAILED_PRECONDITION', 400],
  ['ABORTED', 409],
  ['OUT_OF_RANGE', 400],
  ['UNIMPLEMENTED', 501],
  ['INTERNAL', 500],
  ['UNAVAILABLE', 503],
  ['DATA_LOSS', 500],
  ['UNAUTHENTICATED', 401],
]);

export function grpcToHttpStatus(name: string | undefined): number | undefined {
  return name === undefined ? undefined : HTTP_STATUS.get(name);
}
