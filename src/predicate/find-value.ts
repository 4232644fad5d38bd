/*
 * The one question that everything about single values comes down to: is there a string in all of these languages and in
 * none of those? Answered by walking all the automata together, breadth first, so that the answer is a shortest string.
 */
import { Budget } from './budget';
import { Automaton, type Language } from './language';
import { NICE, niceIn } from './sample';

export type FoundValue = { readonly kind: 'found'; readonly value: string } | { readonly kind: 'none' | 'undecided' };

/** States after which the search gives up. */
const MAX_STATES = 2000;
/** Steps after which it gives up, too: few states can be dear where patterns are large. */
const MAX_STEPS = 1_000_000;
/** Classes of characters above which it does not begin. */
const MAX_CLASSES = 200;
const NONE: FoundValue = { kind: 'none' };

/** Answers for one run of the checks, each worked out once. */
export class ValueFinder {
  private readonly known = new Map<string, FoundValue>();

  /** @param budget of the whole run; what is asked after it is spent is undecided */
  public constructor(public budget: Budget) {}

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
      if (this.budget.isSpent) {
        return { kind: 'undecided' };
      }
      answer = this.guess(inside, relevant) ?? search(inside, relevant, this.budget);
      if (this.budget.isSpent && answer.kind === 'undecided') {
        return answer;
      }
      this.known.set(key, answer);
    }
    return answer;
  }

  /** A value that is easily come by, tried: much cheaper than a search. */
  private guess(inside: readonly Language[], outside: readonly Language[]): FoundValue | undefined {
    const starts = inside.flatMap(({ start }) => (start ? [start, `${start}x`] : []));
    return (
      this.firstOf(starts.length === 0 ? GUESSES : starts, inside, outside) ??
      this.firstOf(inside.length > 1 ? this.combinations(inside) : [], inside, outside)
    );
  }

  private firstOf(
    values: readonly string[],
    inside: readonly Language[],
    outside: readonly Language[],
  ): FoundValue | undefined {
    const includes = (language: Language, text: string) => {
      this.budget.pay(text.length + 1);
      return language.includes(text);
    };
    const value = values.find(
      (text) => inside.every((one) => includes(one, text)) && !outside.some((one) => includes(one, text)),
    );
    return value === undefined ? undefined : { kind: 'found', value };
  }

  /** Values of the languages one by one, and one behind the other, as fits where each asks for a part of the value. */
  private combinations(languages: readonly Language[]): readonly string[] {
    const samples = languages.flatMap(({ start, sample }) => (start === undefined && sample ? [sample] : []));
    return [...samples, ...(samples.length > 1 ? [samples.join(''), [...samples].reverse().join('')] : [])];
  }
}

/** Short values that are in most languages: trying them is cheaper than searching. */
const GUESSES = ['', 'x', '/', '/x', 'GET', 'http', '80'];

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

function search(inside: readonly Language[], outside: readonly Language[], whole: Budget): FoundValue {
  const budget = new Budget(MAX_STEPS, whole);
  const languages = [...inside, ...outside].map(({ automaton }) => automaton);
  const characters = representatives(languages);
  if (characters.length > MAX_CLASSES || budget.isSpent) {
    return { kind: 'undecided' };
  }
  const start: Step = { states: languages.map(() => Automaton.START), character: 0 };
  const seen = new Set([start.states.join()]);
  const queue = [start];
  for (const step of queue) {
    const before = effortOf(languages);
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
    budget.pay(characters.length * languages.length + effortOf(languages) - before);
    if (budget.isSpent) {
      return { kind: 'undecided' };
    }
  }
  return { kind: 'none' };
}

function effortOf(languages: readonly Automaton[]): number {
  return languages.reduce((sum, { effort }) => sum + effort, 0);
}

/** One character of every class between which any of the languages makes a difference. */
function representatives(languages: readonly Automaton[]): readonly number[] {
  const starts = [...new Set(languages.flatMap(({ boundaries }) => boundaries))].sort((a, b) => a - b);
  const chosen = starts
    .filter((low) => low <= 0x10ffff)
    .map((low, index) => {
      const next = starts[index + 1] ?? 0x110000;
      return niceIn(low, next - 1);
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
