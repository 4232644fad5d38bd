/*
 * Rules for the retries of an http route (`validateHTTPRetry`).
 */
import { STATUS_CODES } from 'node:http';
import type { Node } from '../../manifests/node';
import { duration, filled, NOTHING, type Refusal, refuse, textOf } from './refusal';

/** What Envoy retries on, over HTTP and over gRPC. */
const CONDITIONS = new Set([
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
]);

/** Codes that Node knows, and Go's `http.StatusText` does not. */
const UNKNOWN_TO_GO = new Set([509]);

export function retries(route: Node): readonly Refusal[] {
  const node = route.get('retries');
  const attempts = node.get('attempts').value;
  const others = filled(node, 'perTryTimeout', 'retryOn', 'retryRemoteLocalities');
  return [
    ...(typeof attempts === 'number' && attempts < 0
      ? refuse(node.get('attempts'), 'attempts cannot be negative', 'Write 0 for no retries.')
      : NOTHING),
    ...((attempts ?? 0) === 0 && others.length > 0
      ? refuse(
          node,
          `${attempts === 0 ? 'attempts: 0 means' : 'Retries without attempts mean'} no retries, and that cannot go with ${others.join(' or ')}`,
          'Take the others out, or write attempts of 1 or more.',
        )
      : NOTHING),
    ...retryOn(node.get('retryOn')),
    ...duration(node.get('perTryTimeout')),
    ...duration(node.get('backoff')),
  ];
}

function retryOn(node: Node): readonly Refusal[] {
  const text = textOf(node);
  const wrong = text?.split(',').find((condition) => !isCondition(condition));
  if (text === undefined || wrong === undefined) {
    return NOTHING;
  }
  return text.includes(' ')
    ? refuse(
        node,
        `retryOn '${text}' contains spaces, which belong to no condition`,
        `Write '${text.replaceAll(' ', '')}'.`,
      )
    : refuse(
        node,
        `retryOn has '${wrong}', which is no condition to retry on`,
        "Write conditions and codes of answers, separated by commas, as in '5xx,connect-failure,429'.",
      );
}

function isCondition(word: string): boolean {
  const code = /^[+-]?\d+$/.test(word) ? Number(word) : 0;
  return CONDITIONS.has(word) || (STATUS_CODES[code] !== undefined && !UNKNOWN_TO_GO.has(code));
}
