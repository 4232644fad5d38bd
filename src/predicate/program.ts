/*
 * A pattern as a small nondeterministic automaton. For a regex it is what the RE2 port itself compiled the pattern to, so
 * that what is decided here about a pattern cannot differ from how it matches.
 */

/** Ranges of code points, inclusive. */
type Ranges = readonly (readonly [number, number])[];

export type Instruction =
  | { readonly kind: 'read'; readonly ranges: Ranges; readonly next: number }
  | { readonly kind: 'fork'; readonly next: readonly number[] }
  /** Passes only at the beginning, or only at the end, of the value. */
  | { readonly kind: 'begin' | 'end'; readonly next: number }
  | { readonly kind: 'accept' };

export interface Program {
  readonly start: number;
  readonly instructions: readonly Instruction[];
}

const ANY_CHARACTER: Ranges = [[0, 0x10ffff]];

/** Exactly `text`, or everything that begins with it. Envoy ignores the case of ASCII letters only. */
export function textProgram(text: string, form: 'exact' | 'prefix', ignoreCase: boolean): Program {
  const instructions: Instruction[] = Array.from(text).map((character, index) => ({
    kind: 'read',
    ranges: rangesOf(character, ignoreCase),
    next: index + 1,
  }));
  const end = instructions.length;
  if (form === 'prefix') {
    instructions.push({ kind: 'fork', next: [end + 1, end + 2] });
    instructions.push({ kind: 'read', ranges: ANY_CHARACTER, next: end });
  }
  instructions.push({ kind: 'accept' });
  return { start: 0, instructions };
}

function rangesOf(character: string, ignoreCase: boolean): Ranges {
  const own = single(character);
  if (!ignoreCase || !/[A-Za-z]/.test(character)) {
    return [own];
  }
  return [own, single(character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase())];
}

function single(character: string): readonly [number, number] {
  const point = character.codePointAt(0) ?? 0;
  return [point, point];
}

/** What re2js makes of a pattern. Its types do not show it, so it is read with care. */
interface CompiledRegex {
  readonly re2Input?: {
    readonly prog?: {
      readonly start: number;
      readonly inst: readonly {
        readonly op: number;
        readonly out: number;
        readonly arg: number;
        readonly runes: unknown;
      }[];
      /** Above 0 where the pattern looks behind, which RE2 does not. */
      readonly numLb?: number;
    };
  };
}

/** The instructions of re2js, by number. */
const Op = {
  ALT: 1,
  ALT_MATCH: 2,
  CAPTURE: 3,
  EMPTY_WIDTH: 4,
  FAIL: 5,
  MATCH: 6,
  NOP: 7,
  RUNE: 8,
  RUNE1: 9,
  ANY: 10,
  ANY_NOT_NL: 11,
};

/** The empty-width tests of RE2, as bits. Values contain no line break, so a line is the whole value. */
const BEGIN = 0b0101;
const END = 0b1010;

/** Above this many instructions a pattern is left undecided, so that no pattern can make the checks slow. */
const MAX_INSTRUCTIONS = 600;

/** The pattern's automaton; undefined when RE2 refuses the pattern, or it has something that is not modelled (`\b`). */
export function regexProgram(pattern: string): Program | undefined {
  const compiled = compile(pattern)?.re2Input?.prog;
  if (compiled === undefined || (compiled.numLb ?? 0) > 0 || compiled.inst.length > MAX_INSTRUCTIONS) {
    return undefined;
  }
  const instructions = compiled.inst.map(readInstruction);
  return instructions.every((instruction) => instruction !== undefined)
    ? { start: compiled.start, instructions }
    : undefined;
}

function compile(pattern: string): CompiledRegex | undefined {
  const { RE2JS } = require('re2js') as typeof import('re2js');
  try {
    return RE2JS.compile(pattern) as unknown as CompiledRegex;
  } catch {
    return undefined;
  }
}

type CompiledInstruction = NonNullable<NonNullable<CompiledRegex['re2Input']>['prog']>['inst'][number];

function readInstruction({ op, out, arg, runes }: CompiledInstruction): Instruction | undefined {
  switch (op) {
    case Op.ALT:
    case Op.ALT_MATCH:
      return { kind: 'fork', next: [out, arg] };
    case Op.CAPTURE:
    case Op.NOP:
      return { kind: 'fork', next: [out] };
    case Op.FAIL:
      return { kind: 'fork', next: [] };
    case Op.MATCH:
      return { kind: 'accept' };
    case Op.EMPTY_WIDTH:
      return readEmptyWidth(arg, out);
    case Op.ANY:
    case Op.ANY_NOT_NL:
      return { kind: 'read', ranges: ANY_CHARACTER, next: out };
    case Op.RUNE:
    case Op.RUNE1: {
      const ranges = readRunes(Array.from(Object.values(runes as ArrayLike<number>)), (arg & 1) !== 0);
      return ranges === undefined ? undefined : { kind: 'read', ranges, next: out };
    }
    default:
      return undefined;
  }
}

function readEmptyWidth(test: number, next: number): Instruction | undefined {
  if (test === 0) {
    return { kind: 'fork', next: [next] };
  }
  if ((test & ~BEGIN) === 0) {
    return { kind: 'begin', next };
  }
  return (test & ~END) === 0 ? { kind: 'end', next } : undefined;
}

/** Pairs of bounds, or one character alone; `foldCase` is said of one character only. */
function readRunes(runes: readonly number[], foldCase: boolean): Ranges | undefined {
  if (runes.length === 1) {
    return foldCase ? foldedRune(runes[0]) : [[runes[0], runes[0]]];
  }
  if (foldCase || runes.length % 2 !== 0) {
    return undefined;
  }
  return Array.from({ length: runes.length / 2 }, (_, index) => [runes[2 * index], runes[2 * index + 1]] as const);
}

/** All cases of an ASCII letter; two of them have a third one outside ASCII. Other letters are left undecided. */
function foldedRune(rune: number): Ranges | undefined {
  if (rune > 0x7f) {
    return undefined;
  }
  const character = String.fromCodePoint(rune);
  const third: Ranges = { K: [[0x212a, 0x212a] as const], S: [[0x17f, 0x17f] as const] }[character.toUpperCase()] ?? [];
  return [...rangesOf(character, true), ...third];
}
