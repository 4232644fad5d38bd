/*
 * Who reports what: the checks and istioctl's analyzers, over the same manifests. They agree where both report a code of
 * istioctl's for the same object.
 */
import { ALL_CHECKS } from '../../src/checks/all-checks';
import type { Finding } from '../../src/checks/finding';
import { Mesh } from '../../src/mesh';
import { Cluster } from '../cluster';
import type { AnalyzerMessage, ControlPlane } from '../control-plane';
import type { Manifest } from '../manifest';
import type { Sample } from './corpus';
import { analyze } from './istioctl';
import { whyOnlyTheirs } from './only-istioctl';
import type { OnlyTheirs } from './reason';

/** How often each of two reports something that has a code of istioctl's. */
export interface CheckRow {
  readonly check: string;
  readonly codes: readonly string[];
  readonly findings: number;
  readonly both: number;
  readonly onlyOurs: number;
}

export interface OnlyTheirsRow extends OnlyTheirs {
  readonly code: string;
  readonly count: number;
}

export interface Comparison {
  readonly samples: number;
  readonly checks: readonly CheckRow[];
  readonly onlyTheirs: readonly OnlyTheirsRow[];
  /** Messages that nobody has explained yet. */
  readonly unexplained: readonly { readonly sample: string; readonly message: AnalyzerMessage }[];
  /** Messages of each code: of all analyzers, and of the command, which skips many without a cluster. */
  readonly messages: ReadonlyMap<string, { readonly all: number; readonly command: number }>;
}

interface Tally {
  findings: number;
  both: number;
  onlyOurs: number;
}

/** @param istioctl the command, if it is to be run, too */
export async function compareWithIstioctl(
  controlPlane: ControlPlane,
  samples: readonly Sample[],
  istioctl: string | undefined,
): Promise<Comparison> {
  const tallies = new Map<string, Tally>(ALL_CHECKS.map(({ id }) => [id, { findings: 0, both: 0, onlyOurs: 0 }]));
  const onlyTheirs = new Map<string, OnlyTheirsRow>();
  const unexplained: { sample: string; message: AnalyzerMessage }[] = [];
  const messages = new Map<string, { all: number; command: number }>();
  for (const { name, manifests } of samples) {
    const findings = Mesh.fromManifests([...manifests]).check();
    const theirs = await controlPlane.analyze([...manifests, ...podsOf(manifests)]);
    const command = istioctl === undefined ? [] : await analyze(istioctl, manifests);
    count(messages, theirs, 'all');
    count(messages, command, 'command');
    tally(tallies, findings, new Set(theirs.map(keyOf)));
    const ours = new Set(findings.flatMap(keysOf));
    for (const message of theirs.filter((each) => !ours.has(keyOf(each)))) {
      const why = whyOnlyTheirs(message, findings, manifests);
      if (why === undefined) {
        unexplained.push({ sample: name, message });
      } else {
        const key = `${message.code} ${why.why}`;
        const known = onlyTheirs.get(key);
        onlyTheirs.set(key, { code: message.code, ...why, count: (known?.count ?? 0) + 1 });
      }
    }
  }
  const checks = ALL_CHECKS.map(({ id, istio }) => ({ check: id, codes: istio, ...(tallies.get(id) as Tally) }));
  return {
    samples: samples.length,
    checks: checks.sort((a, b) => (a.check < b.check ? -1 : 1)),
    onlyTheirs: [...onlyTheirs.values()].sort((a, b) =>
      a.code < b.code ? -1 : a.code > b.code ? 1 : b.count - a.count,
    ),
    unexplained,
    messages,
  };
}

function keyOf({ code, origin }: AnalyzerMessage): string {
  return `${family(code)} ${origin}`;
}

function keysOf({ istioCodes, kind, namespace, name }: Finding): readonly string[] {
  return istioCodes.map((code) => `${family(code)} ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`);
}

/** Two codes say that nothing is left to a rule: one of the whole rule, and one of a match. */
function family(code: string): string {
  return code === 'IST0131' ? 'IST0130' : code;
}

function tally(tallies: Map<string, Tally>, findings: readonly Finding[], theirs: ReadonlySet<string>): void {
  for (const finding of findings) {
    const row = tallies.get(finding.check);
    if (row !== undefined) {
      row.findings++;
      if (keysOf(finding).some((key) => theirs.has(key))) {
        row.both++;
      } else {
        row.onlyOurs++;
      }
    }
  }
}

function count(
  messages: Map<string, { all: number; command: number }>,
  some: readonly { readonly code: string }[],
  by: 'all' | 'command',
): void {
  for (const { code } of some) {
    const row = messages.get(code) ?? { all: 0, command: 0 };
    row[by]++;
    messages.set(code, row);
  }
}

/** Some analyzers look at pods alone, which no manifest contains. */
function podsOf(manifests: readonly Manifest[]): readonly Manifest[] {
  try {
    return new Cluster(manifests).objects().filter(({ kind }) => kind === 'Pod');
  } catch {
    // A page shows manifests that nobody can make pods of.
    return [];
  }
}
