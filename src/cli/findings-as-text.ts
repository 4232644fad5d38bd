/*
 * Findings for people, the way compilers write them.
 */

import { type Finding, Severity } from '../checks/finding';
import { indented, placeOf } from '../checks/finding-text';
import { printable } from '../syntax/printable';
import { count } from '../syntax/wording';
import { PROGRAM } from './command';
import type { Color, Paint } from './style';

const COLOR_OF: Readonly<Record<Severity, Color>> = {
  [Severity.ERROR]: 'red',
  [Severity.WARNING]: 'yellow',
  [Severity.INFO]: 'blue',
};

/** @param objects how many there were, because "nothing found" means little without it */
export function findingsAsText(findings: readonly Finding[], objects: number, paint: Paint): string {
  return [...findings.map((finding) => paragraph(finding, paint)), findingsSummary(findings, objects, paint)].join(
    '\n',
  );
}

function paragraph(finding: Finding, paint: Paint): string {
  const { check, severity, message, help, istioCodes, kialiCodes } = finding;
  const color = COLOR_OF[severity];
  const codes = [...istioCodes, ...kialiCodes];
  const lines = [
    `${paint(color, severity)} ${paint('bold', check)}  ${paint('dim', printable(placeOf(finding)))}`,
    indented(printable(message)),
    indented(`${paint('green', 'help:')} ${printable(help)}`),
    indented(
      paint('dim', `${PROGRAM} explain ${check}${codes.length === 0 ? '' : `   also known as ${codes.join(', ')}`}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** `1 error, 2 warnings in 7 objects.` */
export function findingsSummary(findings: readonly Finding[], objects: number, paint: Paint): string {
  const among = `in ${count(objects, 'object')}`;
  if (findings.length === 0) {
    return `${paint('green', 'Nothing found')} ${among}.\n`;
  }
  const parts = [
    [Severity.ERROR, 'error'] as const,
    [Severity.WARNING, 'warning'] as const,
    [Severity.INFO, 'note'] as const,
  ].flatMap(([severity, noun]) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [paint(COLOR_OF[severity], count(number, noun))];
  });
  return `${parts.join(', ')} ${among}.\n`;
}
