/*
 * Where Istio and the checks disagree about admission, by the class of the message, for people who look for the missing rule.
 */

import type { Judged } from './admission';
import { WHOLE_OBJECTS } from './whole-objects';

/** How much is shown of an example. */
const MOST_OF_EXAMPLE = 300;
const MOST_OF_MESSAGE = 130;

export function reportAdmission(judged: readonly Judged[]): string {
  const disagreeing = judged.filter(({ disagreement }) => disagreement !== undefined);
  const classes = new Map<string, Judged[]>();
  for (const each of disagreeing) {
    const key = `${each.disagreement}: ${each.object.kind}: ${reasonOf(each)}`;
    classes.set(key, [...(classes.get(key) ?? []), each]);
  }
  const lines = [...classes]
    .sort(([a, first], [b, second]) => second.length - first.length || (a < b ? -1 : 1))
    .map(([kind, examples]) => `${examples.length} × ${kind}\n    ${shortest(examples)}`);
  return [
    ...countsOf(judged),
    ...excusesOf(judged),
    `${judged.length} objects, ${disagreeing.length} disagreements about admission, of ${classes.size} classes`,
    ...lines,
  ].join('\n');
}

/** Of each kind, what became of its objects: a kind of which nothing is refused is not tried. */
function countsOf(judged: readonly Judged[]): readonly string[] {
  const kinds = [...new Set(WHOLE_OBJECTS.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const own = judged.filter(({ object }) => object.kind === kind);
    const inScope = own.filter(({ fitsSchema }) => fitsSchema);
    const refused = inScope.filter(({ verdict }) => (verdict.refused ?? verdict.unreadable) !== undefined).length;
    const warned = inScope.filter(({ verdict }) => verdict.warned !== undefined).length;
    return `${kind.padEnd(22)} ${own.length} objects, ${inScope.length} fit the schema, Istio refuses ${refused} of them and warns of ${warned}`;
  });
}

function excusesOf(judged: readonly Judged[]): readonly string[] {
  const excuses = [...new Set(judged.flatMap(({ excuse }) => excuse ?? []))].sort();
  return excuses.map((excuse) => `${judged.filter((each) => each.excuse === excuse).length} × ${excuse}`);
}

function shortest(examples: readonly Judged[]): string {
  const [first] = examples.map(({ object }) => textOf(object)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return first.slice(0, MOST_OF_EXAMPLE);
}

function textOf({ metadata: { annotations, labels }, spec }: Judged['object']): string {
  return JSON.stringify(annotations === undefined && labels === undefined ? spec : { annotations, labels, spec });
}

/** The first message, without the numbers and names that make each case another one. */
function reasonOf({ verdict, findings, disagreement }: Judged): string {
  const words = disagreement?.includes('a check says')
    ? findings.map(({ check, message }) => `${check}: ${message}`).join(' ')
    : ((disagreement?.startsWith('refused') ? (verdict.refused ?? verdict.unreadable) : verdict.warned) ?? '');
  const [first = ''] = words
    .split('\n')
    .map((line) => line.replace(/^[\s*]+/, ''))
    .filter((line) => line !== '' && !/errors? occurred/.test(line));
  return first
    .replace(/invalid policy \S+ /, '')
    .replaceAll(/"[^"]*"/g, '"…"')
    .replaceAll(/\d+/g, 'N')
    .slice(0, MOST_OF_MESSAGE);
}
