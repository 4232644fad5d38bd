import type { RouteDecision } from '../envoy/decision';

export function decisionAsJson(decision: RouteDecision): string {
  return `${JSON.stringify(decision, undefined, 2)}\n`;
}
