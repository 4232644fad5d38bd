/*
 * The one question that everything about single values comes down to: is there a string in all of these languages and in
 * none of those? Answered by walking all the automata together, breadth first, so that the answer is a shortest string.
 */
import { Automaton, type Language } from './language';

export type FoundValue = { readonly kind: 'found'; readonly value: string } | { readonly kind: 'none' | 'undecided' };

/** States after which the search gives up. */
const MAX_STATES = 2000;
/** Classes of characters above which it does not begin. */
const MAX_CLASSES = 200;
/** Which character of a class an example is made of, if the class has it. */
const NICE = Array.from('xyzabc019/-_.', (character) => character.charCodeAt(0));

const NONE: FoundValue = { kind: 'none' };

/** Answers for one run of the checks, each worked out once. */
export class ValueFinder {
  private readonly known = new Map<string, FoundValue>();

  /** A string in all of the languages `inside` and in none of `outside`. */
  public find(inside: readonly Language[], outside: readonly Language[]): FoundValue {
    const fixed = inside.find(({ only }) => only !== undefined)?.only;
    if (fixed !== undefined) {
      const fits = inside.every((one) => one.includes(fixed)) && !outside.some((one) => one.includes(fixed));
      return fits ? { kind: 'found', value: fixed } : NONE;
    }
    if (isPlainlyEmpty(inside, outside)) {
      return NONE;
    }
    const relevant = outside.filter((one) => !inside.some((other) => isPlainlyDisjoint(one, other)));
    const key = `${keyOf(inside)}\n\n${keyOf(relevant)}`;
    let answer = this.known.get(key);
    if (answer === undefined) {
      answer = guess(inside, relevant) ?? search(inside, relevant);
      this.known.set(key, answer);
    }
    return answer;
  }
}

/** Short values that are in most languages: trying them is cheaper than searching. */
const GUESSES = ['', 'x', '/', '/x', 'GET', 'http', '80'];

function guess(inside: readonly Language[], outside: readonly Language[]): FoundValue | undefined {
  const starts = inside.flatMap(({ start }) => (start ? [start, `${start}x`] : []));
  const value = (starts.length === 0 ? GUESSES : starts).find(
    (text) => inside.every((one) => one.includes(text)) && !outside.some((one) => one.includes(text)),
  );
  return value === undefined ? undefined : { kind: 'found', value };
}

function keyOf(languages: readonly Language[]): string {
  return languages
    .map(({ key }) => key)
    .sort()
    .join('\n');
}

/** What can be told from two texts alone; most questions can. */
function isPlainlyEmpty(inside: readonly Language[], outside: readonly Language[]): boolean {
  return inside.some(
    (one) =>
      outside.some(
        (other) => other.key === one.key || (other.start !== undefined && one.start?.startsWith(other.start) === true),
      ) || inside.some((other) => other !== one && isPlainlyDisjoint(one, other)),
  );
}

function isPlainlyDisjoint(one: Language, other: Language): boolean {
  if (one.only !== undefined) {
    return !other.includes(one.only);
  }
  return (
    one.start !== undefined &&
    other.start !== undefined &&
    !one.start.startsWith(other.start) &&
    !other.start.startsWith(one.start)
  );
}

interface Step {
  readonly states: readonly number[];
  readonly character: number;
  readonly before?: Step;
}

function search(inside: readonly Language[], outside: readonly Language[]): FoundValue {
  const languages = [...inside, ...outside].map(({ automaton }) => automaton);
  const characters = representatives(languages);
  if (characters.length > MAX_CLASSES) {
    return { kind: 'undecided' };
  }
  const start: Step = { states: languages.map(() => Automaton.START), character: 0 };
  const seen = new Set([start.states.join()]);
  const queue = [start];
  for (const step of queue) {
    if (languages.every((language, index) => language.accepts(step.states[index]) === index < inside.length)) {
      return { kind: 'found', value: spell(step) };
    }
    for (const character of characters) {
      const states = languages.map((language, index) => language.step(step.states[index], character));
      if (states.slice(0, inside.length).includes(Automaton.DEAD) || seen.has(states.join())) {
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
function representatives(languages: readonly Automaton[]): readonly number[] {
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
