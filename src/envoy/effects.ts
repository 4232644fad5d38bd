/*
 * What a rule does to a request besides sending it somewhere, in words for the trace. What Istio does by default goes without
 * saying.
 */
import type { HeaderOperations, HttpRoute } from '../model/http-route';
import type { Action } from '../proxy/action';
import type { InjectedFault } from '../proxy/fault';
import { DEFAULT_RETRIES } from '../proxy/retries';
import { forward } from './forwarding';
import type { ParsedRequest } from './parsed-request';

export function effectsOf(request: ParsedRequest, rule: HttpRoute, action: Action): readonly string[] {
  return [
    ...faultText(action.fault),
    ...rewriteText(request, action),
    ...headersText(rule),
    ...(action.timeoutMillis === undefined ? [] : [`gives up after ${action.timeoutMillis} ms`]),
    ...retriesText(action),
    ...action.mirrors.map(
      ({ cluster: { host, port, subset }, percentage }) =>
        `copies ${share(percentage)} to ${host}:${port}${subset === undefined ? '' : `, subset ${subset}`}`,
    ),
  ];
}

/** An abort of all requests decides them, and is told where that happens. */
function faultText(fault: InjectedFault | undefined): readonly string[] {
  const { abortStatus, abortPercentage = 0, delayMillis, delayPercentage = 0 } = fault ?? {};
  return [
    ...(delayMillis === undefined ? [] : [`a fault delays ${share(delayPercentage)} by ${delayMillis} ms`]),
    ...(abortStatus === undefined || abortPercentage >= 100
      ? []
      : [`a fault aborts ${share(abortPercentage)} with ${abortStatus}`]),
  ];
}

/** Path and authority as destinations receive them; several destinations may differ in the authority. */
function rewriteText(request: ParsedRequest, { clusters }: Action): readonly string[] {
  const texts = clusters.flatMap(({ forwarding }) => {
    const { path, authority } = forward(request, forwarding);
    const changed = [
      ...(path === (request.path ?? '/') + request.query ? [] : [`path ${path}`]),
      ...(authority === request.authority ? [] : [`authority ${authority}`]),
    ];
    return changed.length === 0 ? [] : [`rewritten to ${changed.join(' and ')}`];
  });
  return [...new Set(texts)];
}

function headersText({ headers, destinations }: HttpRoute): readonly string[] {
  const all = [headers, ...destinations.map((destination) => destination.headers)];
  return all.flatMap((operations) => (operations === undefined ? [] : operationsText(operations)));
}

function operationsText(operations: HeaderOperations): readonly string[] {
  const { requestSet, requestAdd, requestRemove, responseSet, responseAdd, responseRemove } = operations;
  const named = (verb: string, names: Iterable<string>): readonly string[] => {
    const list = [...names].join(', ');
    return list === '' ? [] : [`${verb} ${list}`];
  };
  const sides: readonly (readonly [string, readonly string[]])[] = [
    [
      'request',
      [...named('sets', requestSet.keys()), ...named('adds', requestAdd.keys()), ...named('removes', requestRemove)],
    ],
    [
      'response',
      [...named('sets', responseSet.keys()), ...named('adds', responseAdd.keys()), ...named('removes', responseRemove)],
    ],
  ];
  return sides.flatMap(([side, words]) => (words.length === 0 ? [] : [`${side} headers: ${words.join('; ')}`]));
}

function retriesText({ retries, clusters }: Action): readonly string[] {
  if (clusters.length === 0 || retries === DEFAULT_RETRIES) {
    return [];
  }
  if (retries === undefined) {
    return ['no retries'];
  }
  const each = retries.perTryTimeoutMillis === undefined ? '' : `, ${retries.perTryTimeoutMillis} ms each`;
  return [`up to ${retries.attempts} retries${each}, on ${retries.retryOn}`];
}

function share(percentage: number): string {
  return percentage >= 100 ? 'every request' : `${percentage}% of the requests`;
}
