/*
 * `npm run conformance:checks`: what the checks say, against the real Istio, the real Envoy and istioctl.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../command';
import { CACHE, components } from '../components';
import { ControlPlane } from '../control-plane';
import { Laboratory } from '../laboratory';
import { isIstio, type Manifest } from '../manifest';
import { Random } from '../random';
import { admitAll, findingsOf as findingsOfObject, type Judged } from './admission';
import { compareWithIstioctl } from './compared';
import { type Examined, examine, findingsOf, type Verdict } from './confirm';
import { makeFaulty, writtenSamples } from './corpus';
import { documentRun } from './document';
import { marked } from './marks';
import { countFailures, type Failures } from './missed';
import { makeObject, mutated, nearlyWhole } from './objects';
import { reportAdmission } from './report-admission';
import { reportComparison, reportConfirmed, reportRefuted } from './report-checks';
import { shrinkVerdict } from './shrink-finding';
import { turnedRound, turnedRoundFor } from './turned-round';
import { WHOLE_OBJECTS } from './whole-objects';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    meshes: { type: 'string', default: '60' },
    requests: { type: 'string', default: '10' },
    objects: { type: 'string', default: '3000' },
    samples: { type: 'string', default: '60' },
    batch: { type: 'string', default: '20' },
    'port-base': { type: 'string', default: '20000' },
    /** Turns one check's answers round, to show that the run then fails. */
    plant: { type: 'string' },
    /** Runs the command istioctl itself beside its analyzers. */
    istioctl: { type: 'boolean', default: false },
    /** Writes the numbers into the documentation. */
    document: { type: 'boolean', default: false },
  },
});

/** Everything that a run found out. */
export interface ChecksRun {
  readonly seed: number;
  readonly meshes: number;
  readonly refusedMeshes: number;
  readonly requests: number;
  readonly seconds: number;
  readonly verdicts: readonly Verdict[];
  readonly failures: Failures;
  readonly judged: readonly Judged[];
  readonly comparison: Awaited<ReturnType<typeof compareWithIstioctl>>;
}

async function main(): Promise<number> {
  const { xds, envoy } = components('xds', 'envoy');
  const istioctl = values.istioctl ? components('istioctl').istioctl : undefined;
  const started = Date.now();
  const portBase = Number(values['port-base']);
  const laboratory = new Laboratory({ xds, envoy, folder: join(CACHE, 'run', String(portBase)), portBase });
  const controlPlane = new ControlPlane(xds);
  try {
    const confirmed = await confirmMany(laboratory);
    const judged = await admitMany(controlPlane);
    const comparison = await compareMany(controlPlane, istioctl);
    const seconds = Math.round((Date.now() - started) / 1000);
    const run: ChecksRun = { seed: Number(values.seed), ...confirmed, judged, comparison, seconds };
    if (values.document) {
      documentRun(run, `npm run conformance:checks -- ${process.argv.slice(2).filter(isOfRun).join(' ')}`);
    }
    return (await hasDifferences(laboratory, run)) ? 1 : 0;
  } finally {
    controlPlane.stop();
    laboratory.close();
  }
}

/** Ports and where the numbers go do not change what comes out. */
function isOfRun(option: string, index: number, all: readonly string[]): boolean {
  return option !== '--document' && option !== '--port-base' && all[index - 1] !== '--port-base';
}

const check = values.plant === undefined ? findingsOf : turnedRound(values.plant, findingsOf);

async function confirmMany(laboratory: Laboratory) {
  const seeds = new Random(Number(values.seed));
  const verdicts: Verdict[] = [];
  const failures: Failures = new Map();
  const total = { meshes: 0, refusedMeshes: 0, requests: 0 };
  for (let left = Number(values.meshes); left > 0; left -= Number(values.batch)) {
    const experiments = Array.from({ length: Math.min(left, Number(values.batch)) }, () => {
      const { mesh, asks } = makeFaulty(seeds.fork(), Number(values.requests));
      return { mesh: { ...mesh, manifests: marked(mesh.manifests) }, asks };
    });
    const outcomes = await examine(laboratory, experiments, seeds.fork(), check);
    const examined = outcomes.filter((outcome): outcome is Examined => !('refused' in outcome));
    total.meshes += examined.length;
    total.refusedMeshes += outcomes.length - examined.length;
    for (const each of examined) {
      verdicts.push(...each.verdicts);
      total.requests += each.asks.length;
      countFailures(each, failures);
    }
    const refuted = verdicts.filter(({ kind }) => kind === 'refuted').length;
    console.log(
      `${total.meshes} meshes, ${total.requests} requests, ${verdicts.length} findings tried, ${refuted} refuted`,
    );
  }
  return { ...total, verdicts, failures };
}

/** Objects of generated meshes, some changed at random, and objects made from the schema alone. */
async function admitMany(controlPlane: ControlPlane): Promise<readonly Judged[]> {
  const seeds = new Random(Number(values.seed));
  const judgeBy = values.plant === undefined ? findingsOfObject : turnedRoundFor(values.plant, findingsOfObject);
  const judged: Judged[] = [...(await wholeObjects(controlPlane))];
  while (judged.length < Number(values.objects)) {
    const random = new Random(seeds.fork());
    const own = makeFaulty(random.fork(), 0).mesh.manifests.filter(isIstio);
    const wild = Array.from({ length: 100 - own.length }, () =>
      random.weighted<Manifest>([
        [0.25, () => makeObject(random)],
        [0.25, () => mutated(random, random.pick(own))],
        [0.5, () => nearlyWhole(random)],
      ]),
    );
    // As they come out of a file: fields without value are not there.
    const objects = JSON.parse(JSON.stringify([...own, ...wild])) as Manifest[];
    judged.push(...(await admitAll(controlPlane, objects, judgeBy)));
  }
  return judged;
}

/** The objects that others are made of, which must be in order. */
async function wholeObjects(controlPlane: ControlPlane): Promise<readonly Judged[]> {
  const judged = await admitAll(controlPlane, JSON.parse(JSON.stringify(WHOLE_OBJECTS)) as Manifest[]);
  for (const { object, verdict, fitsSchema } of judged) {
    const wrong = verdict.unreadable ?? verdict.refused ?? (fitsSchema ? undefined : 'the schema refuses it');
    if (wrong !== undefined) {
      throw new Error(`An object of whole-objects.ts is not in order: ${wrong}\n${JSON.stringify(object)}`);
    }
  }
  return judged;
}

function compareMany(controlPlane: ControlPlane, istioctl: string | undefined) {
  const seeds = new Random(Number(values.seed));
  const generated = Array.from({ length: Number(values.samples) }, (_, index) => ({
    name: `generated mesh ${index}`,
    manifests: makeFaulty(seeds.fork(), 0).mesh.manifests,
  }));
  return compareWithIstioctl(controlPlane, [...writtenSamples(), ...generated], istioctl);
}

async function hasDifferences(laboratory: Laboratory, run: ChecksRun): Promise<boolean> {
  const refuted = run.verdicts.filter(({ kind }) => kind === 'refuted');
  const kinds = new Map(refuted.map((verdict) => [`${verdict.finding.check} ${verdict.why}`, verdict]));
  for (const verdict of [...kinds.values()].slice(0, 5)) {
    console.log(reportRefuted(await shrinkVerdict(laboratory, verdict, check)));
  }
  console.log(reportConfirmed(run));
  console.log(reportAdmission(run.judged));
  console.log(reportComparison(run.comparison));
  const disagree = run.judged.some(({ disagreement }) => disagreement !== undefined);
  return refuted.length > 0 || disagree || run.comparison.unexplained.length > 0;
}

runCommand(main);
