/*
 * Tries the findings of meshes: puts each mesh, and the variants of it that a trial asks for, into Istio and Envoy, and judges.
 */
import type { Finding } from '../../src/checks/finding';
import { modelOf } from '../differences';
import type { Experiment, Laboratory, Result } from '../laboratory';
import type { Ask, MeshCase } from '../manifest';
import type { Observation } from '../observation';
import { Random } from '../random';
import { PREDICTIONS } from './predictions';
import type { Exchange, Trial } from './trial';

/** What came of one finding. */
export interface Verdict {
  readonly finding: Finding;
  readonly mesh: MeshCase;
  /** `tried`: nothing spoke against it, and no request was one that shows it. */
  readonly kind: 'confirmed' | 'tried' | 'refuted';
  /** The request that refutes. */
  readonly exchange?: Exchange;
  readonly why?: string;
}

export interface Examined {
  readonly mesh: MeshCase;
  readonly findings: readonly Finding[];
  readonly asks: readonly Ask[];
  readonly observations: readonly Observation[];
  readonly verdicts: readonly Verdict[];
}

/** Meshes that Istio or Envoy does not take have no verdicts. */
export type Outcome = Examined | { readonly refused: readonly string[] };

interface Planned {
  readonly finding: Finding;
  readonly trial: Trial;
}

interface Plan {
  readonly mesh: MeshCase;
  readonly findings: readonly Finding[];
  readonly planned: readonly Planned[];
  readonly asks: readonly Ask[];
}

export type FindingsOf = (mesh: MeshCase) => readonly Finding[];

export const findingsOf: FindingsOf = (mesh) => modelOf(mesh).check();

/** @param experiments with marked meshes */
export async function examine(
  laboratory: Laboratory,
  experiments: readonly Experiment[],
  seed: number,
  check: FindingsOf = findingsOf,
): Promise<readonly Outcome[]> {
  const plans = experiments.map((experiment, index) => plan(experiment, new Random(seed + index), check));
  const runs = plans.map(runsOf);
  const results = await laboratory.run(runs.flat());
  let next = 0;
  return plans.map((each, index) => {
    const own = results.slice(next, next + runs[index].length);
    next += runs[index].length;
    return judge(each, runs[index], own);
  });
}

/** Whether the mesh is whole enough to be tried: a smaller one may lack what every object of its kind has. */
export function canBeTried(experiment: Experiment, check: FindingsOf): boolean {
  try {
    plan(experiment, new Random(0), check);
    return true;
  } catch {
    return false;
  }
}

function plan({ mesh, asks }: Experiment, random: Random, check: FindingsOf): Plan {
  const findings = check(mesh);
  const planned = findings.flatMap((finding): readonly Planned[] => {
    const trial = PREDICTIONS[finding.check]?.predict({ finding, mesh, random });
    return trial === undefined ? [] : [{ finding, trial }];
  });
  return { mesh, findings, planned, asks: [...asks, ...planned.flatMap(({ trial }) => trial.asks)] };
}

/** The mesh, then the variants that trials ask for, each once, with the requests of all trials that ask for it. */
function runsOf({ mesh, planned, asks }: Plan): readonly Experiment[] {
  const variants = new Map<string, { mesh: MeshCase; asks: Ask[] }>();
  for (const { trial } of planned) {
    for (const variant of [trial.isolated, trial.mended]) {
      if (variant !== undefined) {
        const key = JSON.stringify(variant);
        const known = variants.get(key) ?? { mesh: variant, asks: [] };
        variants.set(key, known);
        known.asks.push(...trial.asks.filter((ask) => !known.asks.includes(ask)));
      }
    }
  }
  return [{ mesh, asks }, ...variants.values()];
}

function judge(
  { mesh, findings, planned, asks }: Plan,
  runs: readonly Experiment[],
  results: readonly Result[],
): Outcome {
  const [first] = results;
  if ('refusedBy' in first) {
    return { refused: first.reasons };
  }
  const seenIn = new Map(runs.map((run, index) => [JSON.stringify(run.mesh), observationsOf(run, results[index])]));
  const seen = observationsOf(runs[0], first);
  const verdicts = planned.map(({ finding, trial }): Verdict => {
    const isolated = trial.isolated && seenIn.get(JSON.stringify(trial.isolated));
    const mended = trial.mended && seenIn.get(JSON.stringify(trial.mended));
    const exchanges = asks.flatMap((ask): Exchange[] => {
      const observation = seen.get(ask);
      return observation === undefined
        ? []
        : [{ ask, seen: observation, isolated: isolated?.get(ask), mended: mended?.get(ask) }];
    });
    return verdictOf(finding, mesh, trial, exchanges);
  });
  return { mesh, findings, asks, observations: first.observations, verdicts };
}

function observationsOf({ asks }: Experiment, result: Result): ReadonlyMap<Ask, Observation> {
  return 'refusedBy' in result ? new Map() : new Map(asks.map((ask, index) => [ask, result.observations[index]]));
}

function verdictOf(finding: Finding, mesh: MeshCase, trial: Trial, exchanges: readonly Exchange[]): Verdict {
  let kind: Verdict['kind'] = 'tried';
  for (const exchange of exchanges) {
    const judgement = trial.judge(exchange);
    if (typeof judgement === 'object') {
      return { finding, mesh, kind: 'refuted', exchange, why: judgement.refutes };
    }
    if (judgement === 'confirms') {
      kind = 'confirmed';
    }
  }
  return { finding, mesh, kind };
}
