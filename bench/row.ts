import type { Comparison } from './measure';

/** One line of the table: a ratio and the bar that it must not exceed. */
export interface Row {
  readonly what: string;
  readonly bar: number;
  /** The measurement, or the sentence that says why there is none. */
  readonly result: Comparison | { readonly skipped: string };
}

/** The rows as a table, one line each. */
export function table(rows: readonly Row[]): string {
  const header = ['', 'ratio', 'bar', 'measured', 'against', 'what'];
  const lines = [header, ...rows.map(cells)];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Whether the row was measured and is over its bar. */
export function isMissed({ result, bar }: Row): boolean {
  return 'ratio' in result && result.ratio > bar;
}

function cells(row: Row): string[] {
  const { what, bar, result } = row;
  if ('skipped' in result) {
    return ['skip', '', `≤ ${bar}`, '', '', `${what}: ${result.skipped}`];
  }
  const mark = isMissed(row) ? 'MISS' : 'ok';
  return [mark, result.ratio.toFixed(2), `≤ ${bar}`, milliseconds(result.subject), milliseconds(result.baseline), what];
}

function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}
