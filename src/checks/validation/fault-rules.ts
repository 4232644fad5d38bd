/*
 * Rules for the faults of an http route (`validateHTTPFaultInjection`).
 */
import { duration, percent } from './common-rules';
import { lacks, number, outside, string } from './conditions';
import { all, at, type Rule, refuseIf } from './refusal';

/** As Istio writes them (`pkg/util/grpc`). */
const GRPC_STATUSES = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED'],
  ...['INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
];

/** Envoy counts faults in parts of a million. */
const isTooLittle = number((value) => value > 0 && value < 0.0001);
const percentage = at(
  'percentage.value',
  refuseIf(isTooLittle, '{} percent is too small for Envoy to count', 'Write 0, or 0.0001 or more.'),
  percent,
);

// biome-ignore format: a table
const ABORT: Rule = all(
  at('httpStatus', refuseIf(outside(200, 600), '{} is not a status to abort with', 'Write one from 200 to 600.')),
  at('grpcStatus', refuseIf(string((value) => !GRPC_STATUSES.includes(value)),
    "gRPC has no status '{}'", `Write one of ${GRPC_STATUSES.join(', ')}.`)),
  at('http2Error', refuseIf(() => true, 'http2Error is not implemented', 'Write httpStatus or grpcStatus.')),
  percentage,
);

// biome-ignore format: a table
const DELAY: Rule = all(
  at('exponentialDelay', refuseIf(() => true, 'exponentialDelay is not implemented', 'Write fixedDelay.')),
  percentage,
  at('fixedDelay', duration),
);

// biome-ignore format: a table
export const fault: Rule = all(
  refuseIf(lacks('abort', 'delay'),
    'A fault needs an abort or a delay', "Write 'abort: {httpStatus: 503, percentage: {value: 10}}'."),
  at('abort', ABORT),
  at('delay', DELAY),
);
