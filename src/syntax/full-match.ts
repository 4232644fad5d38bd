/*
 * RE2::FullMatch, fast for the patterns that people write most. `.*Chrome.*` needs no engine: it asks whether the value
 * contains Chrome.
 */
import { Re2 } from './re2';

/** Says whether a pattern matches all of a value. */
type FullMatch = (value: string) => boolean;

/** Compiled patterns, since the rules of many services tend to repeat a few. A limit keeps a long-lived process from growing. */
const compiled = new Map<string, FullMatch>();
const MAX_COMPILED = 1_000;

/** Compiles an RE2 pattern. Throws when RE2 refuses it. */
export function compileFullMatch(pattern: string): FullMatch {
  let test = compiled.get(pattern);
  if (test === undefined) {
    test = compile(pattern);
    if (compiled.size >= MAX_COMPILED) {
      compiled.clear();
    }
    compiled.set(pattern, test);
  }
  return test;
}

function compile(pattern: string): FullMatch {
  const shape = simpleShape(pattern);
  if (shape === undefined) {
    const regex = Re2.compile(pattern);
    return (value) => regex.fullMatch(value);
  }
  const plain = plainTest(shape);
  let regex: Re2 | undefined;
  return (value) => {
    if (!value.includes('\n')) {
      return plain(value);
    }
    // The dot of RE2 matches no line break; no header contains one, but the answer stays right.
    regex ??= Re2.compile(pattern);
    return regex.fullMatch(value);
  };
}

/** A literal with or without `.*` on either side. */
interface Shape {
  readonly openStart: boolean;
  readonly literal: string;
  readonly openEnd: boolean;
}

const LITERAL = /^(?:[^\\.+*?()|[\]{}^$]|\\[^A-Za-z0-9\s])*$/;

function simpleShape(pattern: string): Shape | undefined {
  let rest = pattern.startsWith('^') ? pattern.slice(1) : pattern;
  rest = rest.endsWith('$') && !rest.endsWith('\\$') ? rest.slice(0, -1) : rest;
  const openStart = rest.startsWith('.*');
  rest = openStart ? rest.slice(2) : rest;
  const openEnd = rest.endsWith('.*') && !rest.endsWith('\\.*');
  rest = openEnd ? rest.slice(0, -2) : rest;
  // Characters beyond ASCII may follow a backslash only by mistake; RE2 says so.
  return LITERAL.test(rest) && /^[\x20-\x7e]*$/.test(rest)
    ? { openStart, literal: rest.replace(/\\(.)/g, '$1'), openEnd }
    : undefined;
}

function plainTest({ openStart, literal, openEnd }: Shape): FullMatch {
  if (openStart && openEnd) {
    return literal === '' ? () => true : (value) => value.includes(literal);
  }
  if (openStart) {
    return (value) => value.endsWith(literal);
  }
  return openEnd ? (value) => value.startsWith(literal) : (value) => value === literal;
}
