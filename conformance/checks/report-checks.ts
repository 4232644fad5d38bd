/*
 * What a run found out, for people who watch it.
 */
import { stringify } from 'yaml';
import { requestText } from '../client';
import { describe } from '../compare';
import type { Comparison } from './compared';
import type { Verdict } from './confirm';
import type { ChecksRun } from './main';

export function reportRefuted({ finding, mesh, exchange, why }: Verdict): string {
  const { kind, namespace, name, path, message, check, severity } = finding;
  const lines = [
    `--- Envoy refutes ${severity} ${check}: ${why}`,
    mesh.manifests.map((manifest) => stringify(manifest)).join('---\n'),
    `${kind} ${namespace}/${name} ${path}: ${message}`,
  ];
  if (exchange !== undefined) {
    const { ask, seen, isolated, mended } = exchange;
    lines.push(
      `at ${JSON.stringify(mesh.proxy)}, port ${ask.port}:`,
      requestText(ask).trimEnd(),
      '',
      described('Envoy', seen),
    );
    lines.push(...(isolated === undefined ? [] : [described('with nothing in the way', isolated)]));
    lines.push(...(mended === undefined ? [] : [described('with the fault mended', mended)]));
  }
  return lines.join('\n');
}

function described(where: string, seen: NonNullable<Verdict['exchange']>['seen']): string {
  return `${where}: ${describe(seen)}${seen.kind === 'http' ? `, route ${seen.route ?? 'none'}` : ''}`;
}

/** Of each check and severity, how many findings were confirmed, only tried, and refuted. */
export function confirmedRows({ verdicts }: Pick<ChecksRun, 'verdicts'>) {
  const rows = new Map<
    string,
    { check: string; severity: string; confirmed: number; tried: number; refuted: number }
  >();
  for (const { finding, kind } of verdicts) {
    const key = `${finding.check} ${finding.severity}`;
    const row = rows.get(key) ?? {
      check: finding.check,
      severity: finding.severity,
      confirmed: 0,
      tried: 0,
      refuted: 0,
    };
    row[kind]++;
    rows.set(key, row);
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

export function reportConfirmed(run: ChecksRun): string {
  const rows = confirmedRows(run).map(
    ({ check, severity, confirmed, tried, refuted }) =>
      `${check.padEnd(36)} ${severity.padEnd(8)} ${confirmed} confirmed, ${tried} tried, ${refuted} refuted`,
  );
  const failures = [...run.failures].map(([kind, { told, untold }]) => `${kind}: ${told} told of, ${untold} not`);
  return [...rows, ...failures.sort()].join('\n');
}

export function reportComparison({ samples, checks, onlyTheirs, unexplained }: Comparison): string {
  const both = checks.reduce((sum, row) => sum + row.both, 0);
  const findings = checks.reduce((sum, row) => sum + row.findings, 0);
  const lines = onlyTheirs.map(({ code, count, kind, why }) => `only istioctl: ${count} × ${code}, ${kind}: ${why}`);
  const open = unexplained.map(
    ({ sample, message }) => `UNEXPLAINED: ${sample}: ${message.code} ${message.origin}: ${message.message}`,
  );
  return [
    `${samples} samples, ${findings} findings, ${both} also reported by istioctl's analyzers`,
    ...lines,
    ...open,
  ].join('\n');
}
