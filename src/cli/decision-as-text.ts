import type { RouteDecision } from '../routing/decision';
import { type Color, type Paint, printable } from './style';

/** The decision's own explanation, its headline in colour. The steps below it begin with a space. */
export function decisionAsText(decision: RouteDecision, color: Color, paint: Paint): string {
  const lines = printable(decision.explain()).trimEnd().split('\n');
  return `${lines.map((line) => (line.startsWith(' ') ? line : paint(color, line))).join('\n')}\n`;
}
