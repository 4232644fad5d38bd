import { type Finding, isAtLeast, Severity } from '../checks/finding';
import { findingText, indented } from '../checks/finding-text';
import type { MatcherContext, MatcherResult } from './matcher';
import { meshOf } from './subject';

export interface FindingsOptions {
  /** Ids of checks to leave out. @default none */
  readonly disable?: string[];

  /** The least severity that counts. @default 'warning': what is only worth knowing fails no test */
  readonly failOn?: `${Severity}`;
}

export function toHaveNoMeshFindings(
  this: MatcherContext,
  received: unknown,
  { disable = [], failOn = Severity.WARNING }: FindingsOptions = {},
): MatcherResult {
  const limit = Object.values(Severity).find((severity) => severity === failOn);
  if (limit === undefined) {
    throw new Error(`There is no severity '${failOn}'; failOn is 'error', 'warning' or 'info'.`);
  }
  const findings = meshOf(received)
    .check({ disable })
    .filter(({ severity }) => isAtLeast(severity, limit));
  const hint = () => this.utils.matcherHint('toHaveNoMeshFindings', 'mesh', '', { isNot: this.isNot });
  return { pass: findings.length === 0, message: () => `${hint()}\n\n${inWords(findings)}` };
}

function inWords(findings: readonly Finding[]): string {
  return findings.length === 0
    ? 'Expected findings, and there are none.'
    : `Expected no findings, and there are ${findings.length}:\n\n${findings.map((finding) => indented(findingText(finding))).join('\n\n')}`;
}
