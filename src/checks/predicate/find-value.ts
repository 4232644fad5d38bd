/*
 * The one question that everything about single values comes down to: is there a string in all of these languages and in
 * none of those? Answered by walking all the automata together, breadth first, so that the answer is a shortest string.
 */
import { Language } from './language';

export type FoundValue = { readonly kind: 'found'; readonly value: string } | { readonly kind: 'none' | 'undecided' };

/** States after which the search gives up. */
const MAX_STATES = 2000;
/** Classes of characters above which it does not begin. */
const MAX_CLASSES = 200;
/** Which character of a class an example is made of, if the class has it. */
const NICE = Array.from('xyzabc019/-_.', (character) => character.charCodeAt(0));

export function findValue(inside: readonly Language[], outside: readonly Language[]): FoundValue {
  const fixed = inside.find((language) => language.only !== undefined)?.only;
  if (fixed !== undefined) {
    const fits = inside.every((one) => one.includes(fixed)) && !outside.some((one) => one.includes(fixed));
    return fits ? { kind: 'found', value: fixed } : { kind: 'none' };
  }
  if (inside.some((one) => outside.some((other) => other.key === one.key))) {
    return { kind: 'none' };
  }
  return search(inside, outside);
}

interface Step {
  readonly states: readonly number[];
  readonly character: number;
  readonly before?: Step;
}

function search(inside: readonly Language[], outside: readonly Language[]): FoundValue {
  const languages = [...inside, ...outside];
  const characters = representatives(languages);
  if (characters.length > MAX_CLASSES) {
    return { kind: 'undecided' };
  }
  const start: Step = { states: languages.map(() => Language.START), character: 0 };
  const seen = new Set([start.states.join()]);
  const queue = [start];
  for (const step of queue) {
    if (languages.every((language, index) => language.accepts(step.states[index]) === index < inside.length)) {
      return { kind: 'found', value: spell(step) };
    }
    for (const character of characters) {
      const states = languages.map((language, index) => language.step(step.states[index], character));
      if (states.slice(0, inside.length).includes(Language.DEAD) || seen.has(states.join())) {
        continue;
      }
      if (seen.size >= MAX_STATES) {
        return { kind: 'undecided' };
      }
      seen.add(states.join());
      queue.push({ states, character, before: step });
    }
  }
  return { kind: 'none' };
}

/** One character of every class between which any of the languages makes a difference. */
function representatives(languages: readonly Language[]): readonly number[] {
  const starts = [...new Set(languages.flatMap(({ boundaries }) => boundaries))].sort((a, b) => a - b);
  const chosen = starts
    .filter((low) => low <= 0x10ffff)
    .map((low, index) => {
      const next = starts[index + 1] ?? 0x110000;
      return NICE.find((nice) => low <= nice && nice < next) ?? low;
    });
  const rank = (character: number) => (NICE.includes(character) ? NICE.indexOf(character) : NICE.length + character);
  return chosen.sort((a, b) => rank(a) - rank(b));
}

function spell(last: Step): string {
  const characters: number[] = [];
  for (let step: Step | undefined = last; step?.before !== undefined; step = step.before) {
    characters.push(step.character);
  }
  return String.fromCodePoint(...characters.reverse());
}
