/*
 * Rules for the retries of an http route (`validateHTTPRetry`).
 */
import type { Node } from '../../manifests/node';
import { duration } from './common-rules';
import { filled, number, textOf } from './conditions';
import { all, at, NOTHING, type Refusal, type Rule, refuse, refuseIf } from './refusal';

/** What Envoy retries on, over HTTP and over gRPC. */
const CONDITIONS = new Set([
  ...['5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'retriable-4xx', 'refused-stream'],
  ...['retriable-status-codes', 'retriable-headers', 'envoy-ratelimited', 'http3-post-connect-failure'],
  ...['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable'],
]);

/** The codes that Go's `http.StatusText` knows. */
const STATUS_CODE = /^(?:10[0-3]|20[0-8]|226|30[0-578]|40\d|41[0-8]|42[1-689]|431|451|50[0-8]|51[01])$/;

// biome-ignore format: a table
export const retries: Rule = all(
  at('attempts', refuseIf(number((attempts) => attempts < 0),
    'attempts cannot be negative', 'Write 0 for no retries.')),
  withoutAttempts,
  at('retryOn', retryOn),
  at('perTryTimeout', duration),
  at('backoff', duration),
);

function withoutAttempts(node: Node): readonly Refusal[] {
  const attempts = node.get('attempts').value;
  const others = filled(node, 'perTryTimeout', 'retryOn', 'retryRemoteLocalities').join(' or ');
  return (attempts ?? 0) === 0 && others !== ''
    ? refuse(
        node,
        `${attempts === 0 ? 'attempts: 0 means' : 'Retries without attempts mean'} no retries, which cannot be combined with ${others}`,
        'Take the others out, or write attempts of 1 or more.',
      )
    : NOTHING;
}

function retryOn(node: Node): readonly Refusal[] {
  const text = textOf(node);
  const wrong = text?.split(',').find((condition) => !isCondition(condition));
  if (text === undefined || wrong === undefined) {
    return NOTHING;
  }
  return text.includes(' ')
    ? refuse(node, `retryOn '${text}' contains spaces, which no condition has`, `Write '${text.replaceAll(' ', '')}'.`)
    : refuse(
        node,
        `retryOn has '${wrong}', which is not a retry condition`,
        "Write conditions and status codes, separated by commas, as in '5xx,connect-failure,429'.",
      );
}

function isCondition(word: string): boolean {
  return CONDITIONS.has(word) || (/^[+-]?\d+$/.test(word) && STATUS_CODE.test(String(Number(word))));
}
