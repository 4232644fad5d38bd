/*
 * Texts that nobody wrote: pieces of the table put together, and manifests with something changed in them.
 */
import { Random } from '../random';
import { TEXTS } from './texts';

const PIECES = [
  "'",
  '"',
  ': ',
  ':',
  '- ',
  '\n',
  '\n  ',
  ' ',
  ' #',
  '[',
  ']',
  '{',
  '}',
  ', ',
  '|\n',
  '>-\n',
  '&a ',
  '*a',
  '---\n',
  '0o7',
  '::',
];

export function* fuzzedTexts(seed: number, number: number): Generator<string> {
  const random = new Random(seed);
  for (let index = 0; index < number; index++) {
    yield random.chance(0.5) ? nested(random) : mutated(random);
  }
}

/** One text as the value of a field, at the indent that it needs. */
function nested(random: Random): string {
  const [outer, inner] = [random.pick(TEXTS), random.pick(TEXTS)];
  const indent = ' '.repeat(random.integer(0, 2));
  return `${outer.trimEnd()}\nkey:\n${inner.replace(/^(?=.)/gm, indent)}`;
}

function mutated(random: Random): string {
  let text = random.pick(TEXTS);
  for (let changes = random.integer(1, 3); changes > 0; changes--) {
    const at = random.integer(0, text.length);
    const removed = random.integer(0, 2);
    text = text.slice(0, at) + (random.chance(0.7) ? random.pick(PIECES) : '') + text.slice(at + removed);
  }
  return text;
}
