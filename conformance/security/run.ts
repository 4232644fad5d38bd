/*
 * `npm run conformance:security`: declarations of who may call which service, written by the library and enforced by a real
 * Istio and a real Envoy.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../command';
import { CACHE, components } from '../components';
import { Random } from '../random';
import type { Call } from './calls';
import { anyDeclaration } from './generate';
import { SecurityLaboratory } from './laboratory';
import { PLANTED, unseenFaults } from './planted';
import { type Trial, translate, trial } from './trial';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    declarations: { type: 'string', default: '40' },
    'port-base': { type: 'string', default: '28000' },
  },
});

async function main(): Promise<number> {
  const laboratory = new SecurityLaboratory({
    ...components('xds', 'envoy'),
    folder: join(CACHE, 'run', `security-${values['port-base']}`),
    portBase: Number(values['port-base']),
  });
  try {
    return (await seesFaults(laboratory)) ? await compareMany(laboratory) : 1;
  } finally {
    laboratory.close();
  }
}

async function seesFaults(laboratory: SecurityLaboratory): Promise<boolean> {
  const unseen = await unseenFaults(laboratory);
  if (unseen.length > 0) {
    console.error(`This run would not see these faults: ${unseen.join(', ')}.`);
    return false;
  }
  console.log(`${Object.keys(PLANTED).length} planted faults were seen.`);
  return true;
}

async function compareMany(laboratory: SecurityLaboratory): Promise<number> {
  const start = Date.now();
  const seeds = new Random(Number(values.seed));
  const calls: Call[] = [];
  let differences = 0;
  const make = () => {
    const seed = seeds.fork();
    const declaration = anyDeclaration(new Random(seed));
    return { seed, declaration, translated: translate(laboratory, declaration) };
  };
  let next = make();
  for (let left = Number(values.declarations); left > 0; left--) {
    const { seed, declaration, translated } = next;
    // Istio translates one while Envoy is busy with the one before.
    next = make();
    const done = await trial(laboratory, declaration, await translated, seed);
    calls.push(...done.calls);
    differences += done.complaints.length;
    report(done);
  }
  await next.translated;
  console.log(table(calls));
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  console.log(
    `${values.declarations} declarations, ${calls.length} calls, ${differences} differences, ${seconds} s (seed ${values.seed}).`,
  );
  return differences === 0 ? 0 : 1;
}

function report({ declaration, complaints }: Trial): void {
  if (complaints.length > 0) {
    console.log(`${JSON.stringify(declaration)}:\n${complaints.map((each) => `  ${each}`).join('\n')}`);
  }
}

/** How many calls there were of each kind, by where they were to end and did. */
function table(calls: readonly Call[]): string {
  const counts = new Map<string, number>();
  for (const { door, credential, end } of calls) {
    const key = `by ${door}, ${credential}: ${end}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort()
    .map(([key, count]) => `  ${String(count).padStart(6)}  ${key}`)
    .join('\n');
}

runCommand(main);
