import type { RouteDecision } from '../envoy/decision';
import type { Color, Paint } from './style';

/** The decision's own explanation, its headline in colour. The steps below it begin with a space. */
export function decisionAsText(decision: RouteDecision, color: Color, paint: Paint): string {
  const lines = decision.explain().split('\n');
  return `${lines.map((line) => (line.startsWith(' ') ? line : paint(color, line))).join('\n')}\n`;
}
