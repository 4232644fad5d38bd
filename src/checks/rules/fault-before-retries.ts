/*
 * retries or a timeout beside an injected fault. Envoy's fault filter stands before its router: what is aborted is never tried, so not
 * tried again, and the time of a delay is over before any limit begins.
 */
import { faultInForce } from '../../proxy/fault';
import { listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';

export const faultBeforeRetries: Check = {
  id: 'fault-before-retries',
  title: 'Retries and timeouts that do not apply to an injected fault',
  severity: Severity.INFO,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const { http } of mesh.virtualServices) {
      for (const { object, fault, retries, timeoutMs } of http) {
        const { abortStatus, delayMillis = 0 } = faultInForce(fault) ?? {};
        const tries = (retries?.attempts ?? 0) > 0;
        const limited = (timeoutMs ?? 0) > 0 || (tries && (retries?.perTryTimeoutMs ?? 0) > 0);
        const unreached = [
          ...(abortStatus !== undefined && tries
            ? [`requests that are aborted with ${abortStatus} are not retried`]
            : []),
          ...(delayMillis > 0 && limited ? [`the delay of ${delayMillis} ms counts towards no timeout`] : []),
        ];
        if (fault !== undefined && unreached.length > 0) {
          report({
            object,
            path: fault.path,
            message: `The fault acts before the retries and timeouts of the same rule: ${listOf(unreached)}. Clients see the whole fault.`,
            help: 'To try out retries and timeouts, put the fault where the requests arrive: into a rule of the service behind, or into the app.',
          });
        }
      }
    }
  },
};
