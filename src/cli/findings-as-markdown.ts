/*
 * Findings as one table in Markdown, for a comment on a change.
 */
import type { Finding } from '../checks/finding';
import { placeOf } from '../checks/finding-text';
import { printable } from '../syntax/printable';
import { count } from '../syntax/wording';
import { addressOfPage } from './check-page';
import { findingsSummary } from './findings-as-text';
import { plain } from './style';

/** GitHub refuses a comment of more than 65,536 characters; some are left for what others write around the table. */
const MOST_CHARACTERS = 60_000;

export function findingsAsMarkdown(findings: readonly Finding[], objects: number): string {
  const summary = findingsSummary(findings, objects, plain);
  if (findings.length === 0) {
    return summary;
  }
  const head = `${summary}\n| | finding | where | what, and what to write instead |\n| --- | --- | --- | --- |\n`;
  const rows = fitting(findings.map(row), MOST_CHARACTERS - head.length);
  const left = findings.length - rows.length;
  return `${head}${rows.join('')}${left === 0 ? '' : `\n${count(left, 'more finding')} did not fit here.\n`}`;
}

function row(finding: Finding): string {
  const { severity, check, message, help } = finding;
  const what = `${cell(message)}<br>**help:** ${cell(help)}`;
  return `| ${severity} | [${check}](${addressOfPage(check)}) | ${cell(placeOf(finding))} | ${what} |\n`;
}

/** As many of the first rows as have room. */
function fitting(rows: readonly string[], room: number): readonly string[] {
  let left = room;
  const end = rows.findIndex((text) => {
    left -= text.length;
    return left < 0;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

/** Text that stays text: no markup, no HTML, no mention of a person, no link, no further cell. */
function cell(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]()#+!|~$]/g, '\\$&')
    .replace(/[&<>]/g, (character) => ENTITIES[character])
    .replaceAll('@', '&#64;')
    .replaceAll('://', '&#58;//')
    .replaceAll('www.', 'www&#46;');
}

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
