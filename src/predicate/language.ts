/*
 * A set of strings: those that an exact, prefix or regex match accepts.
 */
import { type Program, regexProgram, textProgram } from './program';
import { sampleOf } from './sample';

export class Language {
  public static exact(value: string, ignoreCase = false): Language {
    const only = ignoreCase && /[A-Za-z]/.test(value) ? undefined : value;
    return new Language(`exact${ignoreCase ? '~' : '='}${value}`, () => textProgram(value, 'exact', ignoreCase), {
      only,
    });
  }

  public static prefix(value: string, ignoreCase = false): Language {
    const start = ignoreCase && /[A-Za-z]/.test(value) ? undefined : value;
    return new Language(`prefix${ignoreCase ? '~' : '='}${value}`, () => textProgram(value, 'prefix', ignoreCase), {
      start,
    });
  }

  /** Undefined where the pattern cannot be decided: RE2 refuses it, it is very large, or it asks for word boundaries. */
  public static regex(pattern: string): Language | undefined {
    const program = regexProgram(pattern);
    return program === undefined ? undefined : new Language(`regex=${pattern}`, () => program);
  }

  public static readonly ALL = Language.prefix('');

  /** The only string in it, where there is plainly just one. */
  public readonly only?: string;
  /** What its strings begin with, where it is plainly all strings that do. */
  public readonly start?: string;
  private lazyAutomaton: Automaton | undefined;
  private lazySample: { readonly value: string | undefined } | undefined;

  private constructor(
    /** Languages of one key are equal. */
    public readonly key: string,
    private readonly program: () => Program,
    plain: { readonly only?: string; readonly start?: string } = {},
  ) {
    this.only = plain.only;
    this.start = plain.start;
  }

  public get automaton(): Automaton {
    this.lazyAutomaton ??= new Automaton(this.program());
    return this.lazyAutomaton;
  }

  /** A short string that is very likely in it: to be tried before it is relied on. */
  public get sample(): string | undefined {
    this.lazySample ??= { value: sampleOf(this.program()) };
    return this.lazySample.value;
  }

  public includes(value: string): boolean {
    if (this.only !== undefined || this.start !== undefined) {
      return this.only === undefined ? value.startsWith(this.start ?? '') : value === this.only;
    }
    const { automaton } = this;
    let state = Automaton.START;
    for (const character of value) {
      state = automaton.step(state, character.codePointAt(0) ?? 0);
    }
    return automaton.accepts(state);
  }
}

/** A program read one character at a time. Its states are made when they are first reached. */
export class Automaton {
  /** The state in which no string can be accepted any more. */
  public static readonly DEAD = 0;
  /** The state before the first character. */
  public static readonly START = 1;

  /** Where the classes of characters that it tells apart begin. */
  public readonly boundaries: readonly number[];
  /** How many instructions have been looked at so far: what making the states has cost. */
  public effort = 0;
  private readonly sets: (readonly number[])[] = [];
  private readonly ids = new Map<string, number>();
  private readonly steps: Map<number, number>[] = [];
  private readonly accepting: boolean[] = [];

  public constructor(private readonly program: Program) {
    this.boundaries = boundariesOf(program);
    this.state([], false);
    this.state(this.closure([program.start], { begin: true, end: false }), true);
  }

  /** The state after `character`, a code point, in state `from`. */
  public step(from: number, character: number): number {
    if (from === Automaton.DEAD) {
      return Automaton.DEAD;
    }
    let to = this.steps[from].get(character);
    if (to === undefined) {
      to = this.state(this.closure(this.read(this.sets[from], character), { begin: false, end: false }), false);
      this.steps[from].set(character, to);
    }
    return to;
  }

  /** Whether a string that ends in this state belongs to the language. */
  public accepts(state: number): boolean {
    return this.accepting[state];
  }

  private read(states: readonly number[], character: number): readonly number[] {
    const next: number[] = [];
    this.effort += states.length;
    for (const state of states) {
      const instruction = this.program.instructions[state];
      if (
        instruction.kind === 'read' &&
        instruction.ranges.some(([low, high]) => low <= character && character <= high)
      ) {
        next.push(instruction.next);
      }
    }
    return next;
  }

  /** Everything reachable from `states` without reading. */
  private closure(
    states: readonly number[],
    at: { readonly begin: boolean; readonly end: boolean },
  ): readonly number[] {
    const reached = new Set<number>();
    const open = [...states];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      if (reached.has(state)) {
        continue;
      }
      reached.add(state);
      const instruction = this.program.instructions[state];
      if (instruction.kind === 'fork') {
        open.push(...instruction.next);
      } else if ((instruction.kind === 'begin' && at.begin) || (instruction.kind === 'end' && at.end)) {
        open.push(instruction.next);
      }
    }
    this.effort += reached.size;
    return [...reached].sort((a, b) => a - b);
  }

  /** The number of the state that stands for this set of instructions. The start is a state of its own, for `^`. */
  private state(set: readonly number[], begin: boolean): number {
    const key = `${begin ? '^' : ''}${set.join()}`;
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.sets.length;
      this.ids.set(key, id);
      this.sets.push(set);
      this.steps.push(new Map());
      const atEnd = this.closure(set, { begin, end: true });
      this.accepting.push(atEnd.some((state) => this.program.instructions[state].kind === 'accept'));
    }
    return id;
  }
}

function boundariesOf(program: Program): readonly number[] {
  const found = new Set<number>([0]);
  for (const instruction of program.instructions) {
    if (instruction.kind === 'read') {
      for (const [low, high] of instruction.ranges) {
        found.add(low).add(high + 1);
      }
    }
  }
  return [...found].sort((a, b) => a - b);
}
