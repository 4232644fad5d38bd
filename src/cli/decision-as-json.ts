import type { RouteDecision } from '../envoy/decision';
import { printableJson } from '../syntax/printable';

export function decisionAsJson(decision: RouteDecision): string {
  return printableJson(decision);
}
