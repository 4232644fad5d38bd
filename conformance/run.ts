/*
 * `npm run conformance`: generated meshes and requests through Istio and Envoy, and through the simulator.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pinnedVersions } from '../scripts/go-module';
import { ISTIO } from '../src/istio/release';
import { groupBy } from '../src/syntax/grouping';
import { CannotRun, runCommand } from './command';
import { CACHE, components } from './components';
import { type CompareOptions, compareAll, type Difference } from './differences';
import { ExperimentMaker, inBatches } from './generate/experiments';
import { Laboratory } from './laboratory';
import { writeNumbers } from './numbers';
import { PLANTS, type Plant } from './plant';
import { Random } from './random';
import { report } from './report';
import { kindOf, shrink } from './shrink';
import { Tally } from './tally';
import { toVector, type Vector, writeRecording } from './vectors';

const PINNED = pinnedVersions(join(__dirname, 'xds/go.mod')).get('istio.io/istio');
/** Envoy as requirements.txt pins it. */
const VERSIONS = { istio: `${ISTIO.replace('Istio ', '')} (${PINNED})`, envoy: '1.40.0' };

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    meshes: { type: 'string', default: '100' },
    requests: { type: 'string', default: '50' },
    batch: { type: 'string', default: '40' },
    /** Of each batch, how often one request that is left to chance is repeated. */
    repeat: { type: 'string', default: '1500' },
    from: { type: 'string', default: 'gateway' },
    /** `yaml`: meshes as anybody may write them; `constructs`: as the constructs write them. */
    'made-by': { type: 'string', default: 'yaml' },
    'port-base': { type: 'string', default: '20000' },
    'keep-going': { type: 'boolean', default: false },
    shrink: { type: 'string', default: '5' },
    /** Plants a fault into the simulator, which then has to be found. */
    plant: { type: 'string' },
    record: { type: 'boolean', default: false },
    'write-docs': { type: 'boolean', default: false },
  },
});

const maker = new ExperimentMaker(values.from, values['made-by'], Number(values.requests));
const { charts } = maker;

async function main(): Promise<number> {
  const plant = plantOf(values.plant);
  const laboratory = new Laboratory({
    ...components('xds', 'envoy'),
    folder: join(CACHE, 'run', values['port-base']),
    portBase: Number(values['port-base']),
  });
  try {
    return await compareMany(laboratory, { plant, repeat: Number(values.repeat) });
  } finally {
    laboratory.close();
  }
}

function plantOf(name: string | undefined): Plant | undefined {
  if (name !== undefined && !Object.hasOwn(PLANTS, name)) {
    throw new CannotRun(`There is no fault ${name} to plant; there are ${Object.keys(PLANTS).join(', ')}.`);
  }
  return name === undefined ? undefined : PLANTS[name];
}

async function compareMany(laboratory: Laboratory, options: CompareOptions): Promise<number> {
  const seeds = new Random(Number(values.seed));
  const tally = new Tally();
  const vectors: Vector[] = [];
  const batches = inBatches(Number(values.meshes), Number(values.batch));
  const make = (size: number) => Array.from({ length: size }, () => maker.make(seeds.fork()));
  let next = make(batches[0] ?? 0);
  for (const size of [...batches.slice(1), 0]) {
    const experiments = next;
    next = make(size);
    laboratory.prepare(next);
    for (const [index, outcome] of (await compareAll(laboratory, experiments, options)).entries()) {
      tally.add(experiments[index].mesh, outcome);
      if ('refusedBy' in outcome) {
        if (process.env.CONFORMANCE_VERBOSE)
          console.log('refused by', outcome.refusedBy, outcome.reasons.join('; ').slice(0, 300));
      } else if (values.record) {
        vectors.push(toVector(experiments[index].mesh, outcome.compared));
      }
      if ('differences' in outcome) {
        for (const difference of outcome.differences) {
          console.log(`  ${kindOf(difference)}: ${difference.complaint}`);
        }
      }
    }
    console.log(tally.line);
    if (tally.differences.length > 0 && !values['keep-going']) {
      break;
    }
  }
  if (charts !== undefined) {
    console.log(
      [...charts.report, ...tally.coverage.entries().map(([kind, counts]) => `${kind}: ${counts}`)].join('\n'),
    );
  }
  await reportKinds(laboratory, tally.differences, options);
  if (tally.differences.length === 0) {
    keep(tally, vectors);
  }
  return tally.differences.length > 0 ? 1 : 0;
}

/** Writes down what a run without differences is to leave behind. */
function keep(tally: Tally, vectors: readonly Vector[]): void {
  if (values.record) {
    const name = charts === undefined ? values.from : `constructs-${values.from}`;
    console.log(`Recorded ${writeRecording(name, { ...VERSIONS, seed: Number(values.seed), vectors })}`);
  }
  if (values['write-docs'] && values.plant === undefined) {
    const place = values.from === 'mesh' ? 'sidecar' : 'gateway';
    const proxy = charts !== undefined ? `${place}, by constructs` : place;
    const { meshes, requests, shares, undecided, refused, seconds, perMinute } = tally;
    const numbers = [meshes, requests, shares, 0, undecided, refused, seconds, perMinute];
    const cells = numbers.map((number) => number.toLocaleString('en'));
    const date = new Date().toISOString().slice(0, 10);
    const coverage = tally.coverage.entries().map((row) => [proxy, ...row]);
    console.log(`Wrote ${writeNumbers([[proxy, date, values.seed, ...cells]], coverage)}`);
  }
}

/** Of each kind of difference, how many there were, and one made as small as it can be. */
async function reportKinds(
  laboratory: Laboratory,
  differences: readonly Difference[],
  options: CompareOptions,
): Promise<void> {
  const kinds = groupBy(differences, kindOf);
  const byCount = [...kinds].sort(([, a], [, b]) => b.length - a.length);
  for (const [, examples] of byCount.slice(0, Number(values.shrink))) {
    const [first] = [...examples].sort((a, b) => sizeOf(a) - sizeOf(b));
    console.log(report(await shrink(laboratory, first, options)));
  }
  for (const [kind, examples] of byCount) {
    console.log(`${examples.length} × ${kind}`);
  }
}

function sizeOf({ mesh }: Difference): number {
  return JSON.stringify(mesh).length;
}

runCommand(main);
