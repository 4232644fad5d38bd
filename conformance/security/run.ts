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
import { PLANTED, unseenFaults, withoutFault } from './planted';
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

/** Whether it tells wrong policies from right ones. */
async function seesFaults(laboratory: SecurityLaboratory): Promise<boolean> {
  const right = await withoutFault(laboratory);
  if (right.complaints.length > 0) {
    report(right);
    return false;
  }
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
  const trials: Trial[] = [];
  const make = () => {
    const seed = seeds.fork();
    const declaration = anyDeclaration(new Random(seed));
    return { seed, declaration, translated: translate(laboratory, declaration) };
  };
  let differences = 0;
  let next = make();
  while (trials.length < Number(values.declarations) && differences === 0) {
    const { seed, declaration, translated } = next;
    // Istio translates one while Envoy is busy with the one before.
    next = make();
    const done = await trial(laboratory, declaration, await translated, seed);
    trials.push(done);
    differences = done.complaints.length;
    report(done);
  }
  await next.translated;
  const calls = trials.flatMap((each) => each.calls);
  console.log(table(calls));
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  console.log(
    `${trials.length} declarations, ${calls.length} calls, ${differences} differences, ${seconds} s (seed ${values.seed}).`,
  );
  return differences === 0 ? 0 : 1;
}

/** Of the complaints about one declaration, how many are shown. */
const SHOWN = 10;

function report({ declaration, complaints }: Trial): void {
  if (complaints.length > 0) {
    const shown = complaints.slice(0, SHOWN).map((each) => `  ${each}`);
    const more = complaints.length > SHOWN ? [`  and ${complaints.length - SHOWN} more`] : [];
    console.log([`${JSON.stringify(declaration)}:`, ...shown, ...more].join('\n'));
  }
}

/** How many calls there were of each kind, by where they were to end. */
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
