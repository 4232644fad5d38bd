/*
 * Writes the numbers of a run into the documentation, between markers.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChecksRun } from './main';
import { NOT_OBSERVABLE, PREDICTIONS, REFUSALS } from './predictions';
import { confirmedRows } from './report-checks';

const DOCS = join(__dirname, '../../docs');

export function documentRun(run: ChecksRun, command: string): void {
  replaceBetween('conformance.md', 'checks', [
    summary(run, command),
    confirmedTable(run),
    failures(run),
    admission(run),
  ]);
  replaceBetween('conformance.md', 'not-observable', [notObservable()]);
  replaceBetween('compared-with-istioctl.md', 'comparison', [
    comparedTable(run),
    onlyTheirsTable(run),
    messagesTable(run),
  ]);
}

/** The parts stand between `<!-- name -->` and `<!-- end of name -->`. */
function replaceBetween(file: string, name: string, parts: readonly string[]): void {
  const path = join(DOCS, file);
  const text = readFileSync(path, 'utf8');
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`docs/${file} has no place for the numbers: ${start} … ${end}`);
  }
  writeFileSync(path, `${text.slice(0, from)}${start}\n\n${parts.join('\n\n')}\n\n${text.slice(to)}`);
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function page(check: string): string {
  return `[${check}](checks/${check}.md)`;
}

function summary(run: ChecksRun, command: string): string {
  const { meshes, refusedMeshes, requests, verdicts, seed, seconds } = run;
  const of = (kind: string) => verdicts.filter((verdict) => verdict.kind === kind).length;
  return [
    `\`${command}\`, seed ${seed}, ${seconds} s: ${meshes} meshes with faults (${refusedMeshes} more that Istio refuses), ${requests} requests.`,
    `Of ${verdicts.length} findings that predict something, ${of('confirmed')} were confirmed, ${of('refuted')} refuted;`,
    `for ${of('tried')} no request was one that shows it, most often because something else is wrong in front of it.`,
  ].join('\n');
}

function confirmedTable(run: ChecksRun): string {
  const rows = confirmedRows(run).map(({ check, severity, confirmed, tried, refuted }) => [
    page(check),
    severity,
    PREDICTIONS[check].says,
    confirmed,
    tried,
    refuted,
  ]);
  return table(['check', 'severity', 'what is seen', 'confirmed', 'not shown', 'refuted'], rows);
}

function failures({ failures: kinds }: ChecksRun): string {
  const rows = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, { told, untold }]) => [kind, told, untold]);
  return `The other way round, requests that failed for what the mesh lacks:\n\n${table(['how it failed', 'a finding tells', 'none does'], rows)}`;
}

function admission({ judged }: ChecksRun): string {
  const inScope = judged.filter(({ fitsSchema }) => fitsSchema);
  const count = (wanted: string | undefined) =>
    inScope.filter(({ disagreement, excuse }) => disagreement === wanted && excuse === undefined).length;
  const excused = (wanted: string) => inScope.filter(({ excuse }) => excuse === wanted).length;
  const refused = inScope.filter(({ verdict }) => verdict.refused !== undefined || verdict.unreadable !== undefined);
  const warned = inScope.filter(
    ({ verdict }) => verdict.warned !== undefined && !refused.some((each) => each.verdict === verdict),
  );
  return [
    `Admission: ${judged.length} objects, of which ${judged.length - inScope.length} are refused by Istio's schema already (${REFUSALS.slice(-2).join(', ')}).`,
    `Of the other ${inScope.length}, Istio's validation refuses ${refused.length} and warns of ${warned.length}.\n`,
    table(
      ['Istio and the checks', 'objects'],
      [
        ['agree', count(undefined)],
        ['Istio admits it, a check says that it is refused', count('admitted, and a check says that it is refused')],
        ['Istio refuses it, no check says so', count('refused, and no check says so')],
        ['Istio does not warn, a check says that it does', count('not warned of, and a check says so')],
        ['Istio warns, no check says so', count('warned of, and no check says so')],
        ['Istio refuses an expression of CEL, which the checks leave to it', excused('left to Istio by design')],
        ['Istio itself refuses it at one time and not at another', excused('Istio itself answers now so, now so')],
      ],
    ),
  ].join('\n');
}

function notObservable(): string {
  const rows = Object.entries(NOT_OBSERVABLE)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([check, why]) => [page(check), why]);
  return table(['check', 'why nothing of it is seen here'], rows);
}

function comparedTable({ comparison, seed }: ChecksRun): string {
  const { samples, checks } = comparison;
  const rows = checks.map(({ check, codes, findings, both, onlyOurs }) => [
    page(check),
    codes.join(', '),
    findings,
    both,
    onlyOurs,
  ]);
  const head = ['check', 'codes of istioctl', 'findings', 'istioctl too', 'only here'];
  return `${samples} samples, seed ${seed}.\n\n${table(head, rows)}`;
}

function onlyTheirsTable({ comparison }: ChecksRun): string {
  const rows = comparison.onlyTheirs.map(({ code, count, kind, why }) => [code, count, kind, why]);
  return `### Only istioctl\n\n${table(['code', 'messages', '', 'why'], rows)}`;
}

function messagesTable({ comparison }: ChecksRun): string {
  const rows = [...comparison.messages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { all, command }]) => [code, all, command]);
  return `### The analyzers, and the command\n\n${table(['code', 'all analyzers', '`istioctl analyze --use-kube=false`'], rows)}`;
}
