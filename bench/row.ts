import type { Comparison } from './measure';

/** One line of what is printed: what was measured, and the bar that it is held to. */
export interface Row {
  readonly what: string;
  /** The ratio that must not be exceeded, or the rate that must be reached; a row without a bar is there to compare with. */
  readonly bar?: number | { readonly perSecond: number };
  /** The measurement, or the sentence that says why there is none. */
  readonly result: Measurement | { readonly skipped: string };
}

interface Measurement extends Comparison {
  /** How much of what the bar counts was done in a second. */
  readonly perSecond?: number;
}

const WIDTHS = [4, 5, 9, 9, 8, 8];

export const HEADER = inColumns(['', 'ratio', 'a second', 'bar', 'measured', 'against', 'what']);

/** A row below the header. Each is printed when it is there: together they take minutes. */
export function line(row: Row): string {
  return inColumns(cells(row));
}

function inColumns(cells: readonly string[]): string {
  return cells.map((cell, column) => cell.padEnd(WIDTHS[column] ?? 0)).join('  ');
}

function cells({ what, bar, result }: Row): string[] {
  if ('skipped' in result) {
    return ['skip', '', '', barInWords(bar), '', '', `${what}: ${result.skipped}`];
  }
  return [
    bar === undefined ? '' : isMissed(result, bar) ? 'MISS' : 'ok',
    result.ratio.toFixed(2),
    result.perSecond === undefined ? '' : count(result.perSecond),
    barInWords(bar),
    milliseconds(result.subject),
    milliseconds(result.baseline),
    what,
  ];
}

function isMissed({ ratio, perSecond = 0 }: Measurement, bar: NonNullable<Row['bar']>): boolean {
  return typeof bar === 'number' ? ratio > bar : perSecond < bar.perSecond;
}

function barInWords(bar: Row['bar']): string {
  if (bar === undefined) {
    return '';
  }
  return typeof bar === 'number' ? `≤ ${bar}` : `≥ ${count(bar.perSecond)}`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}
