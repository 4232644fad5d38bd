/*
 * Rules for the faults of an http route (`validateHTTPFaultInjection`).
 */
import type { Node } from '../../manifests/node';
import { duration, NOTHING, percentage, type Refusal, refuse, written } from './refusal';

/** As Istio writes them (`pkg/util/grpc`). */
const GRPC_STATUSES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

export function fault(route: Node): readonly Refusal[] {
  const node = route.get('fault');
  return [
    ...(written(node, 'abort', 'delay').length === 0
      ? refuse(node, 'A fault needs an abort or a delay', "Write 'abort: {httpStatus: 503, percentage: {value: 10}}'.")
      : NOTHING),
    ...abort(node.get('abort')),
    ...delay(node.get('delay')),
  ];
}

function abort(node: Node): readonly Refusal[] {
  if (!node.present) {
    return NOTHING;
  }
  const [http, grpc] = [node.get('httpStatus'), node.get('grpcStatus')];
  return [
    ...(typeof http.value === 'number' && (http.value < 200 || http.value > 600)
      ? refuse(http, `${http.value} is not a status to abort with`, 'Write one from 200 to 600.')
      : NOTHING),
    ...(typeof grpc.value === 'string' && !GRPC_STATUSES.includes(grpc.value)
      ? refuse(grpc, `gRPC has no status '${grpc.value}'`, `Write one of ${GRPC_STATUSES.join(', ')}.`)
      : NOTHING),
    ...(node.get('http2Error').present
      ? refuse(node.get('http2Error'), 'http2Error is not implemented', 'Write httpStatus or grpcStatus.')
      : NOTHING),
    ...faultPercentage(node.get('percentage')),
  ];
}

function delay(node: Node): readonly Refusal[] {
  return [
    ...(node.get('exponentialDelay').present
      ? refuse(node.get('exponentialDelay'), 'exponentialDelay is not implemented', 'Write fixedDelay.')
      : NOTHING),
    ...faultPercentage(node.get('percentage')),
    ...duration(node.get('fixedDelay')),
  ];
}

/** Envoy counts faults in parts of a million. */
function faultPercentage(node: Node): readonly Refusal[] {
  const { value } = node.get('value');
  return typeof value === 'number' && value > 0 && value < 0.0001
    ? refuse(node.get('value'), `${value} percent is too little to count`, 'Write 0, or 0.0001 and more.')
    : percentage(node);
}
