/*
 * `npm run conformance:constructs`: what the constructs write, through Istio and Envoy, held against what their users are told.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../command';
import { CACHE, components } from '../components';
import type { Manifest } from '../manifest';
import { Random } from '../random';
import { doors } from './doors';
import { lanes } from './lanes';
import { sticky } from './sticky';
import { copies, faults, preflights } from './strikes';
import { ejection, limits, retries } from './tolerance';
import type { Fault, Trial, Workshop } from './trial';

const TRIALS: readonly Trial[] = [sticky, ejection, retries, limits, faults, copies, preflights, lanes, doors];

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, 'port-base': { type: 'string', default: '10000' } },
});

async function main(): Promise<number> {
  const started = Date.now();
  const options = {
    ...components('xds', 'envoy'),
    folder: join(CACHE, 'constructs', values['port-base']),
    portBase: Number(values['port-base']),
  };
  const workshop = { options, random: new Random(Number(values.seed)) };
  if (!(await seesFault(workshop))) {
    console.error('This run would not see that the cookie of the default version is missing.');
    return 1;
  }
  console.log('A planted fault was seen: no cookie for users of the default version.');
  let [tried, wrong] = [0, 0];
  for (const trial of TRIALS) {
    console.log(`\n== ${trial.title}`);
    for (const { says, expected, seen, isRight } of await trial.run(workshop)) {
      console.log(
        `${isRight ? 'ok  ' : 'FAIL'} ${says}: ${seen}${isRight && seen === expected ? '' : ` (expected: ${expected})`}`,
      );
      tried++;
      wrong += isRight ? 0 : 1;
    }
  }
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`\n${tried} statements, ${wrong} wrong (seed ${values.seed}), ${seconds} s.`);
  return wrong === 0 ? 0 : 1;
}

/** As if only the canary set its cookie: users of the default version then are drawn anew with each request. */
const withoutDefaultCookie: Fault = (manifest) =>
  manifest.kind === 'VirtualService'
    ? (JSON.parse(JSON.stringify(manifest), (key, value) =>
        isDefaultCookie(key, value) ? undefined : value,
      ) as Manifest)
    : manifest;

function isDefaultCookie(key: string, value: unknown): boolean {
  return key === 'response' && JSON.stringify(value).includes('shop-version=v1');
}

async function seesFault(workshop: Workshop): Promise<boolean> {
  const verdicts = await sticky.run({ ...workshop, fault: withoutDefaultCookie });
  return verdicts.some(({ says, isRight }) => says.endsWith('visitors see two versions') && !isRight);
}

runCommand(main);
