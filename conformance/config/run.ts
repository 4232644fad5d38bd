/*
 * `npm run conformance:config`: of generated meshes, what istiod says to a proxy, and what the library says that istiod does.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { groupBy } from '../../src/syntax/grouping';
import { CannotRun, runCommand } from '../command';
import { CACHE, components } from '../components';
import { ExperimentMaker, inBatches } from '../generate/experiments';
import type { MeshCase } from '../manifest';
import { writeRows } from '../numbers';
import { Random } from '../random';
import { NOT_CLAIMED } from './claims';
import { type ConfigDifference, Istiod, isSeen, type Translated } from './istiod-process';
import { CONFIG_PLANTS } from './plants';
import { record } from './recorded';
import { reportOf, shrunk } from './report';
import { ConfigTally } from './tally';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    meshes: { type: 'string', default: '300' },
    batch: { type: 'string', default: '40' },
    /** `gateway`, or `mesh` for sidecars. */
    from: { type: 'string', default: 'gateway' },
    /** `yaml`: meshes as anybody may write them; `constructs`: as the constructs write them. */
    'made-by': { type: 'string', default: 'yaml' },
    'keep-going': { type: 'boolean', default: false },
    /** How many kinds of differences are shrunk. */
    shrink: { type: 'string', default: '3' },
    /** Plants a fault into what the library says, which then has to be found. */
    plant: { type: 'string' },
    /** Writes down what istiod says to the meshes of conformance/vectors, for `npm test`. */
    record: { type: 'boolean', default: false },
    'write-docs': { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  const { plant } = values;
  if (plant !== undefined && !Object.hasOwn(CONFIG_PLANTS, plant)) {
    throw new CannotRun(`There is no fault ${plant} to plant; there are ${Object.keys(CONFIG_PLANTS).join(', ')}.`);
  }
  const folder = join(CACHE, 'run', 'config');
  mkdirSync(folder, { recursive: true });
  const istiod = new Istiod(components('xds').xds, folder, plant === undefined ? undefined : CONFIG_PLANTS[plant]);
  try {
    if (values.record) {
      console.log(`Recorded ${(await record(istiod)).join(', ')}`);
    }
    return await compareMany(istiod);
  } finally {
    istiod.stop();
  }
}

async function compareMany(istiod: Istiod): Promise<number> {
  const seeds = new Random(Number(values.seed));
  const maker = new ExperimentMaker(values.from, values['made-by'], 0);
  const translate = (size: number) =>
    Promise.all(Array.from({ length: size }, () => istiod.translate(maker.make(seeds.fork()).mesh)));
  const tally = new ConfigTally();
  const [first = 0, ...sizes] = inBatches(Number(values.meshes), Number(values.batch));
  let next = translate(first);
  for (const [index, size] of [...sizes, 0].entries()) {
    const translated = await next;
    // Istio is busy with the next ones while these are compared.
    next = translate(size);
    if (index === 0 && values.plant === undefined && !seesFaults(translated)) {
      return 1;
    }
    for (const each of translated) {
      tally.add(istiod.compare(each));
    }
    console.log(tally.line);
    if (tally.differences.length > 0 && !values['keep-going']) {
      break;
    }
  }
  await next;
  await reportKinds(istiod, tally.differences);
  console.log(['Not compared:', ...NOT_CLAIMED.map((text) => `- ${text}`)].join('\n'));
  if (tally.differences.length === 0 && values['write-docs'] && values.plant === undefined) {
    console.log(`Wrote ${writeRows('configurations', 1, [rowOf(tally)])}`);
  }
  return tally.differences.length > 0 ? 1 : 0;
}

/** Whether faults would be found in these meshes, each that can be planted into them. */
function seesFaults(translated: readonly Translated[]): boolean {
  const tried = Object.entries(CONFIG_PLANTS).map(([name, plant]) => ({ name, seen: isSeen(plant, translated) }));
  const unseen = tried.filter(({ seen }) => seen === false).map(({ name }) => name);
  if (unseen.length > 0) {
    console.error(`This run would not see these faults: ${unseen.join(', ')}.`);
    return false;
  }
  const nowhere = tried.filter(({ seen }) => seen === undefined).map(({ name }) => name);
  console.log(`${tried.length - nowhere.length} planted faults were seen.`);
  if (nowhere.length > 0) {
    console.log(`There was nothing to plant these into: ${nowhere.join(', ')}.`);
  }
  return true;
}

async function reportKinds(istiod: Istiod, differences: readonly ConfigDifference[]): Promise<void> {
  const kinds = groupBy(differences, ({ kind }) => kind);
  const byCount = [...kinds].sort(([, a], [, b]) => b.length - a.length);
  for (const [, examples] of byCount.slice(0, Number(values.shrink))) {
    const [smallest] = [...examples].sort((a, b) => sizeOf(a.mesh) - sizeOf(b.mesh));
    console.log(reportOf(await shrunk(istiod, smallest)));
  }
  for (const [kind, examples] of byCount) {
    console.log(`${examples.length} × ${kind}`);
  }
}

function sizeOf(mesh: MeshCase): number {
  return JSON.stringify(mesh).length;
}

function rowOf({ cells }: ConfigTally): readonly string[] {
  const place = values.from === 'mesh' ? 'sidecar' : 'gateway';
  const proxy = values['made-by'] === 'constructs' ? `${place}, by constructs` : place;
  const date = new Date().toISOString().slice(0, 10);
  return [proxy, date, values.seed, ...cells.map((number) => number.toLocaleString('en'))];
}

runCommand(main);
