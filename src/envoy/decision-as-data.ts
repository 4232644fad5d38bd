/*
 * A decision for programs. The order of the keys is the order of this file; what a decision does not have is left out.
 */
import { shortened } from '../syntax/printable';
import type { RouteDecision } from './decision';

export function decisionAsData(decision: RouteDecision): unknown {
  const { ruleObject } = decision;
  return {
    outcome: decision.outcome,
    status: decision.status,
    grpcStatus: decision.grpcStatus,
    responseFlag: decision.responseFlag,
    location: decision.location,
    body: decision.body,
    destinations: decision.destinations.map((destination) => ({
      host: destination.host,
      subset: destination.subset,
      port: destination.port,
      weight: destination.weight,
      outcome: destination.outcome,
      workloads: destination.workloads,
      workloadsKnown: destination.workloadsKnown,
      request: destination.request,
    })),
    mirrors: decision.mirrors,
    virtualService: decision.virtualService,
    rule: ruleObject && { object: ruleObject, index: decision.ruleIndex, name: decision.ruleName },
    timeoutMillis: decision.timeoutMillis,
    retries: decision.retries,
    fault: decision.fault,
    trace: decision.trace.map((step) => ({ ...step, text: shortened(step.text) })),
  };
}
