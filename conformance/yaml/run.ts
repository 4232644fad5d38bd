/*
 * This project's reading of YAML and JSON against kubectl's own: the texts of the table, and fuzzed ones.
 *
 *   npm run conformance:yaml -- [--seed 1] [--texts 20000] [--record] [--show 10]
 *
 * --record writes what kubectl reads of the table into answers.json, which the tests are held to. Fails where a text of the table is read
 * in another way than answers.json and differences.ts say, or where fuzzing finds more that differs than `MOST`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DIFFERENCES } from './differences';
import { fuzzedTexts } from './fuzz';
import { buildReader, compareReads, type Read, readByKubectl, readHere, type Verdict } from './reader';
import { TEXTS } from './texts';

/** Shares of fuzzed texts that may differ: most of them are such that nobody would write. */
const MOST: Readonly<Partial<Record<Verdict, number>>> = {
  'silently different': 0.01,
  refused: 0.01,
  'accepted wrongly': 0.03,
};

function main(): void {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      texts: { type: 'string', default: '20000' },
      show: { type: 'string', default: '0' },
      record: { type: 'boolean', default: false },
    },
  });
  buildReader();
  const table = readByKubectl(TEXTS);
  if (values.record) {
    const answers = TEXTS.map((text, index) => ({ text, ...table[index] }));
    writeFileSync(
      join(__dirname, 'answers.json'),
      `[\n${answers.map((answer) => JSON.stringify(answer)).join(',\n')}\n]\n`,
    );
  }
  const show = Number(values.show);
  const wrong = tally('table', TEXTS, table, show).filter(([text]) => !DIFFERENCES.has(text));
  const fuzzed = [...fuzzedTexts(Number(values.seed), Number(values.texts))];
  const different = tally('fuzzed', fuzzed, readByKubectl(fuzzed), show);
  const tooMany = Object.entries(MOST).filter(
    ([verdict, most]) => different.filter(([, found]) => found === verdict).length > most * fuzzed.length,
  );
  for (const [text, verdict] of wrong) {
    console.log(`not in differences.ts: ${verdict}: ${JSON.stringify(text)}`);
  }
  for (const [verdict, most] of tooMany) {
    console.log(`more than ${most * 100} % ${verdict}`);
  }
  process.exitCode = wrong.length + tooMany.length === 0 ? 0 : 1;
}

/** Prints how many there are of each verdict, and gives those that are not equal. */
function tally(
  name: string,
  texts: readonly string[],
  kubectl: readonly Read[],
  show: number,
): readonly (readonly [string, Verdict])[] {
  const verdicts = texts.map((text, index) => [text, compareReads(kubectl[index], readHere(text))] as const);
  const counts = new Map<Verdict, number>();
  for (const [, verdict] of verdicts) {
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  const different = verdicts.filter(([, verdict]) => verdict !== 'equal');
  console.log(
    `${name}: ${texts.length} texts, ${[...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`,
  );
  for (const [text, verdict] of different.slice(0, show)) {
    console.log(`  ${verdict}: ${JSON.stringify(text)}`);
  }
  return different;
}

main();
