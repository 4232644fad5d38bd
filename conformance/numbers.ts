/*
 * The numbers of a run, in the tables of docs/conformance.md. Each kind of proxy has rows of its own.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = join(__dirname, '..', 'docs', 'conformance.md');

/** @param keyColumns how many of the first cells say which row it is; rows of the same key are replaced */
export function putRows(page: string, table: string, keyColumns: number, rows: readonly (readonly string[])[]): string {
  const [start, end] = [`<!-- ${table}: written by the run -->`, `<!-- ${table}: end -->`];
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) {
    throw new Error(`docs/conformance.md has no place for the table ${table}; put "${start}" and "${end}" around it`);
  }
  const [head, rule, ...known] = page
    .slice(from + start.length, to)
    .trim()
    .split('\n');
  const written = rows.map((cells) => `| ${cells.join(' | ')} |`);
  const keys = new Set(written.map((line) => keyOf(line, keyColumns)));
  const kept = known.filter((line) => !keys.has(keyOf(line, keyColumns)));
  const lines = [head, rule, ...[...kept, ...written].sort()];
  return `${page.slice(0, from)}${start}\n${lines.join('\n')}\n${page.slice(to)}`;
}

function keyOf(line: string, columns: number): string {
  return line
    .split('|')
    .slice(1, columns + 1)
    .map((cell) => cell.trim())
    .join('|');
}

export function writeNumbers(runs: readonly (readonly string[])[], coverage: readonly (readonly string[])[]): string {
  writeRows('numbers', 1, runs);
  return writeRows('coverage', 2, coverage);
}

/** @returns the page that was written */
export function writeRows(table: string, keyColumns: number, rows: readonly (readonly string[])[]): string {
  writeFileSync(PAGE, putRows(readFileSync(PAGE, 'utf8'), table, keyColumns, rows));
  return PAGE;
}
