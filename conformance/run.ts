/*
 * `npm run conformance`: generated meshes and requests through Istio and Envoy, and through the simulator.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareAll, type Difference, isUndecided } from './differences';
import { makeGatewayExperiment } from './generate/mesh';
import { makeSidecarExperiment } from './generate/sidecars';
import { Laboratory } from './laboratory';
import { Random } from './random';
import { report } from './report';
import { kindOf, shrink } from './shrink';
import { toVector, type Vector, writeRecording } from './vectors';

const CACHE = join(__dirname, '.cache');

/** As xds/go.mod and requirements.txt pin them. */
const VERSIONS = { istio: '1.31 (v0.0.0-20260827124520-eed52ebb66ad)', envoy: '1.40.0' };

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    meshes: { type: 'string', default: '100' },
    requests: { type: 'string', default: '50' },
    batch: { type: 'string', default: '40' },
    from: { type: 'string', default: 'gateway' },
    'port-base': { type: 'string', default: '20000' },
    'keep-going': { type: 'boolean', default: false },
    shrink: { type: 'string', default: '5' },
    record: { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  const xds = process.env.CONFORMANCE_XDS ?? join(CACHE, 'xds');
  const envoy = process.env.CONFORMANCE_ENVOY ?? join(CACHE, 'envoy');
  if (!existsSync(xds) || !existsSync(envoy)) {
    console.error('Istio and Envoy are not here yet; run conformance/prepare first, which fetches and builds them.');
    return 2;
  }
  const laboratory = new Laboratory({
    xds,
    envoy,
    folder: join(CACHE, 'run', values['port-base']),
    portBase: Number(values['port-base']),
  });
  try {
    return await compareMany(laboratory);
  } finally {
    laboratory.close();
  }
}

async function compareMany(laboratory: Laboratory): Promise<number> {
  const seeds = new Random(Number(values.seed));
  const total = { meshes: 0, requests: 0, undecided: 0, refused: 0 };
  const differences: Difference[] = [];
  const vectors: Vector[] = [];
  const started = Date.now();
  let left = Number(values.meshes);
  while (left > 0) {
    const size = Math.min(left, Number(values.batch));
    left -= size;
    const batch = Array.from({ length: size }, () => seeds.fork());
    const experiments = batch.map((seed) =>
      values.from === 'mesh'
        ? makeSidecarExperiment(seed, Number(values.requests))
        : makeGatewayExperiment(seed, Number(values.requests)),
    );
    for (const [index, outcome] of (await compareAll(laboratory, experiments)).entries()) {
      if ('refusedBy' in outcome) {
        total.refused++;
        if (process.env.CONFORMANCE_VERBOSE)
          console.log('refused by', outcome.refusedBy, outcome.reasons.join('; ').slice(0, 300));
        continue;
      }
      total.meshes++;
      total.requests += outcome.compared.length;
      total.undecided += outcome.compared.filter(isUndecided).length;
      differences.push(...outcome.differences);
      if (values.record) {
        vectors.push(toVector(experiments[index].mesh, outcome.compared));
      }
    }
    console.log(
      `${total.meshes} meshes, ${total.requests} requests, ${differences.length} differences, ${total.refused} refused, ${total.undecided} undecided, ${Math.round((Date.now() - started) / 1000)} s`,
    );
    if (differences.length > 0 && !values['keep-going']) {
      break;
    }
  }
  await reportKinds(laboratory, differences);
  if (values.record && differences.length === 0) {
    console.log(`Recorded ${writeRecording(values.from, { ...VERSIONS, seed: Number(values.seed), vectors })}`);
  }
  return differences.length > 0 ? 1 : 0;
}

/** Of each kind of difference, how many there were, and one made as small as it can be. */
async function reportKinds(laboratory: Laboratory, differences: readonly Difference[]): Promise<void> {
  const kinds = groupBy(differences, kindOf);
  const byCount = [...kinds].sort(([, a], [, b]) => b.length - a.length);
  for (const [, examples] of byCount.slice(0, Number(values.shrink))) {
    const [first] = [...examples].sort((a, b) => sizeOf(a) - sizeOf(b));
    console.log(report(await shrink(laboratory, first)));
  }
  for (const [kind, examples] of byCount) {
    console.log(`${examples.length} × ${kind}`);
  }
}

function sizeOf({ mesh }: Difference): number {
  return JSON.stringify(mesh).length;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  }
  return groups;
}
