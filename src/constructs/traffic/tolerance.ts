/*
 * What a route does about requests that take long or fail: a timeout, retries, failures on purpose, and copies to another
 * version. What may be carried out twice is for the user to say.
 */
import type {
  VirtualServiceSpecHttp,
  VirtualServiceSpecHttpFault,
  VirtualServiceSpecHttpRetries,
} from '../../../imports/networking.istio.io';
import { durationText } from '../objects/whole-milliseconds';
import { checkDuration, type OptionPlace, refuseOption, refuseOptionIf, refuseTogether, within } from './option-place';
import type { RequestMatch } from './request-match';
import { type FaultInjection, RetryOn, type RetryOptions, type RouteOptions } from './route-options';
import { checkPercent } from './shares';

/** After these the app saw nothing of the request. */
const UNSEEN: readonly RetryOn[] = [RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM, RetryOn.RESET_BEFORE_REQUEST];
const DEFAULT_ON: readonly RetryOn[] = [RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM];
/** A try that takes too long counts as these, and as nothing else (`RetryStateImpl::wouldRetryFromReset` in Envoy). */
const SLOW: readonly RetryOn[] = [RetryOn.RESET, RetryOn.GATEWAY_ERROR, RetryOn.SERVER_ERROR];

/** Timeout, retries and faults in the words of Istio. */
export function toTolerance({
  timeout,
  retries,
  fault,
}: RouteOptions): Pick<VirtualServiceSpecHttp, 'timeout' | 'retries' | 'fault'> {
  return {
    timeout: timeout && durationText(timeout),
    retries: retries && toRetries(retries),
    fault: fault && toFault(fault),
  };
}

function toRetries({ attempts, perTryTimeout, on = [...DEFAULT_ON] }: RetryOptions): VirtualServiceSpecHttpRetries {
  return attempts === 0
    ? { attempts }
    : // Without a space behind ',', which Istio's webhook refuses.
      { attempts, perTryTimeout: perTryTimeout && durationText(perTryTimeout), retryOn: on.join(',') };
}

function toFault({ delay, abort }: FaultInjection): VirtualServiceSpecHttpFault {
  return {
    delay: delay && { fixedDelay: durationText(delay.duration), percentage: { value: delay.percent ?? 100 } },
    abort: abort && { httpStatus: abort.status, percentage: { value: abort.percent ?? 100 } },
  };
}

/** Throws unless Istio takes timeout, retries and faults, and they can do what they say. */
export function checkTolerance(place: OptionPlace, options: RouteOptions, match: RequestMatch | undefined): void {
  const { timeout, retries, fault } = options;
  if (timeout !== undefined) {
    checkDuration(place, 'timeout', timeout);
  }
  if (retries !== undefined) {
    checkRetries(within(place, 'retries'), retries, options);
    checkTwice(place, options, match);
  }
  if (fault !== undefined) {
    checkFault(within(place, 'fault'), fault);
    if (timeout !== undefined || retries !== undefined) {
      refuseTogether(
        place,
        'fault excludes timeout and retries, which Envoy does not apply to a failure on purpose; rehearse in a rule without them',
      );
    }
  }
}

function checkRetries(
  place: OptionPlace,
  { attempts, perTryTimeout, on }: RetryOptions,
  { timeout }: RouteOptions,
): void {
  if (!(Number.isInteger(attempts) && attempts >= 0 && attempts < 2 ** 31)) {
    refuseOption(place, 'attempts', attempts, 'is not a number of tries: a whole number of 0 or more');
  }
  if (attempts === 0 && (perTryTimeout !== undefined || on !== undefined)) {
    refuseTogether(place, 'attempts is 0, so nothing is tried again, but perTryTimeout or on says how; leave them out');
  }
  if (on?.length === 0) {
    refuseTogether(place, 'on is empty, so nothing is tried again; to say so, write attempts: 0 and leave it out');
  }
  if (perTryTimeout !== undefined) {
    if (!(on ?? DEFAULT_ON).some((condition) => SLOW.includes(condition))) {
      refuseTogether(
        place,
        'perTryTimeout ends a try, and nothing in on has it tried again; add RetryOn.RESET, which may carry requests out twice, or write timeout in its place',
      );
    }
    checkDuration(place, 'perTryTimeout', perTryTimeout);
    if (timeout !== undefined && perTryTimeout.toMilliseconds() >= timeout.toMilliseconds()) {
      refuseTogether(
        place,
        `perTryTimeout ${durationText(perTryTimeout)} is not less than timeout ${durationText(timeout)}, so the first try would use up the time of all; shorten it`,
      );
    }
  }
}

/** Throws where a request could be carried out twice that the user did not say can be. */
function checkTwice(place: OptionPlace, { retries, idempotent }: RouteOptions, match: RequestMatch | undefined): void {
  const seen = (retries?.on ?? []).find((condition) => !UNSEEN.includes(condition));
  if (seen !== undefined && !mayComeTwice(idempotent, match)) {
    refuseTogether(
      within(place, 'retries'),
      `after '${seen}' the app may have carried the request out, and a retry does so once more; match GET, HEAD or OPTIONS only, or set idempotent to true where that does no harm`,
    );
  }
}

/** Whether what the rule matches may be carried out twice. */
export function mayComeTwice(idempotent: boolean | undefined, match: RequestMatch | undefined): boolean {
  return (idempotent ?? false) || (match?._hasSafeMethodOnly() ?? false);
}

function checkFault(place: OptionPlace, { delay, abort }: FaultInjection): void {
  if (delay === undefined && abort === undefined) {
    refuseTogether(place, 'neither delay nor abort is there, so nothing fails; write one, or leave it out');
  }
  if (delay !== undefined) {
    checkDuration(within(place, 'delay'), 'duration', delay.duration);
    checkPercent(within(place, 'delay'), delay.percent ?? 100);
  }
  if (abort !== undefined) {
    refuseOptionIf(within(place, 'abort'), 'status', abort.status, complaintAboutStatus(abort.status));
    checkPercent(within(place, 'abort'), abort.percent ?? 100);
  }
}

/** What is wrong with the status of an answer, as the end of a sentence. */
export function complaintAboutStatus(status: number): string | undefined {
  return Number.isInteger(status) && status >= 200 && status <= 599
    ? undefined
    : 'is not the status of an answer: a whole number from 200 to 599';
}
