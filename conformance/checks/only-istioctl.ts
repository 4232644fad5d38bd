/*
 * Why istioctl's analyzers say something that the checks do not say. Every message needs a reason here; one without fails the run.
 */
import type { Finding } from '../../src/checks/finding';
import type { AnalyzerMessage } from '../control-plane';
import type { Manifest } from '../manifest';
import { isOfKind } from './message-context';
import type { OnlyTheirs, Reason } from './reason';
import { DESTINATION_REASONS } from './reasons-destinations';
import { GATEWAY_REASONS } from './reasons-gateways';
import { RULE_REASONS } from './reasons-rules';

export function whyOnlyTheirs(
  message: AnalyzerMessage,
  findings: readonly Finding[],
  manifests: readonly Manifest[],
): OnlyTheirs | undefined {
  // Of two objects of one name the last counts.
  const object = manifests
    .filter(({ kind, metadata }) => `${kind} ${metadata.namespace ?? 'default'}/${metadata.name}` === message.origin)
    .at(-1);
  const context = { message, findings, manifests, object };
  const reason = REASONS.find(({ codes, holds }) => codes.includes(message.code) && holds(context));
  return reason && { kind: reason.kind, why: reason.why };
}

const REASONS: readonly Reason[] = [
  {
    codes: ['IST0111', 'IST0134', 'IST0177'],
    kind: 'out of scope',
    why: 'Of a ServiceEntry, WorkloadEntry or Sidecar itself the checks say only what Istio refuses or warns of at admission',
    holds: (context) => isOfKind(context, 'ServiceEntry', 'WorkloadEntry', 'Sidecar'),
  },
  ...DESTINATION_REASONS,
  ...RULE_REASONS,
  ...GATEWAY_REASONS,
];
