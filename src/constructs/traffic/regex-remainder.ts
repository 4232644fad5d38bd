/*
 * What is left of an RE2 pattern once the beginning of the text is known (Brzozowski's derivative), so that a pattern can be
 * limited to a folder: RE2 has no lookahead to ask for both.
 */
import { Re2 } from '../../syntax/re2';
import { show } from '../objects/refuse';

/** What stays the same on the way into a pattern, but for its flags. */
interface Context {
  readonly whole: string;
  /** As in `(?i)`. */
  readonly flags: string;
}

/** They hold to the end of the group, for the alternatives behind them too. */
const FLAGS = /\(\?[imsU-]+\)/;
const LEADING_FLAGS = /^\(\?[imsU-]+\)/;
const OPENING = /^\((?:\?([imsU-]*):)?/;
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/;
/** A part that is not taken apart: an escape, a class, the beginning of a group with a name, a character. */
const TOKEN =
  /\\Q.*?(?:\\E|$)|\\(?:x\{\w+\}|x\w\w|[pP](?:\{\^?\w+\}|\w)|[0-7]{1,3}|.)|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\(\?P?<\w+>|./gs;

/**
 * The pattern of what may follow `start` in a text that `pattern` matches as a whole; undefined when nothing may, not even the
 * empty text.
 *
 * @throws Error, with a sentence that begins with the pattern, when its beginning is too involved to be taken apart.
 */
export function remainderAfter(start: string, pattern: string): string | undefined {
  const flags = LEADING_FLAGS.exec(pattern)?.[0] ?? '';
  const context = { whole: pattern, flags };
  const body = pattern.slice(flags.length);
  const later = FLAGS.exec(body);
  if (later !== null) {
    throw tooInvolved(later[0], context);
  }
  // At the beginning, '^' says nothing.
  const alternatives = split(withoutNames(body)).map((alternative) => alternative.replace(/^(?:\^|\\A)/, ''));
  let rest: string | undefined = alternatives.join('|');
  for (const character of start) {
    rest = rest === undefined ? undefined : after(character, rest, context);
  }
  return rest === undefined ? undefined : flags + rest;
}

function after(character: string, pattern: string, context: Context): string | undefined {
  return union(split(pattern).map((sequence) => afterInSequence(character, sequence, context)));
}

function afterInSequence(character: string, sequence: string, context: Context): string | undefined {
  if (sequence === '' || /^(?:\$|\\z)/.test(sequence)) {
    return undefined;
  }
  const atom = sequence.startsWith('(') ? groupAt(sequence) : tokensOf(sequence)[0];
  const quantifier = QUANTIFIER.exec(sequence.slice(atom.length))?.[0] ?? '';
  const rest = sequence.slice(atom.length + quantifier.length);
  const inAtom = afterInAtom(character, atom, context);
  if (inAtom !== undefined && quantifier.startsWith('{')) {
    throw tooInvolved(atom + quantifier, context);
  }
  const again = /^[*+]/.test(quantifier) ? `${atom}*` : '';
  return union([
    inAtom === undefined ? undefined : grouped(inAtom) + again + rest,
    takes(atom + quantifier, '', context) ? afterInSequence(character, rest, context) : undefined,
  ]);
}

function afterInAtom(character: string, atom: string, context: Context): string | undefined {
  if (/^(?:\^|\\[AbBQ])/.test(atom)) {
    throw tooInvolved(atom, context);
  }
  const opening = OPENING.exec(atom);
  if (opening === null) {
    return takes(atom, character, context) ? '' : undefined;
  }
  const [open, flags] = opening;
  const inner = atom.slice(open.length, -1);
  if (!flags) {
    return after(character, inner, context);
  }
  const rest = after(character, inner, { ...context, flags: `${context.flags}(?${flags})` });
  return rest === undefined ? undefined : `${open}${rest})`;
}

function takes(pattern: string, text: string, { flags }: Context): boolean {
  return Re2.compile(flags + pattern).fullMatch(text);
}

function union(patterns: readonly (string | undefined)[]): string | undefined {
  const possible = new Set(patterns.filter((pattern) => pattern !== undefined));
  return possible.size === 0 ? undefined : [...possible].join('|');
}

/** The pattern so that something can stand before and behind it. */
export function grouped(pattern: string): string {
  return split(pattern).length > 1 || LEADING_FLAGS.test(pattern) ? `(?:${pattern})` : pattern;
}

/** The alternatives of a pattern, those within its groups left together. */
function split(pattern: string): string[] {
  const alternatives = [''];
  let depth = 0;
  for (const token of tokensOf(pattern)) {
    if (token === '|' && depth === 0) {
      alternatives.push('');
    } else {
      depth += depthOf(token);
      alternatives.push(alternatives.pop() + token);
    }
  }
  return alternatives;
}

/** The group that a pattern begins with. */
function groupAt(pattern: string): string {
  let group = '';
  let depth = 0;
  for (const token of tokensOf(pattern)) {
    group += token;
    depth += depthOf(token);
    if (depth === 0) {
      break;
    }
  }
  return group;
}

/** A repeated group may come to stand there twice, which its name may not. */
function withoutNames(pattern: string): string {
  return tokensOf(pattern)
    .map((token) => (token.startsWith('(') ? '(' : token))
    .join('');
}

function depthOf(token: string): number {
  return token.startsWith('(') ? 1 : token === ')' ? -1 : 0;
}

function tokensOf(pattern: string): string[] {
  return pattern.match(TOKEN) ?? [];
}

function tooInvolved(part: string, { whole }: Context): Error {
  return new Error(
    `the pattern ${show(whole)} cannot be limited to the paths of a service, because of ${show(part)} in it; begin it with the text of the path, as in '/items/.*'.`,
  );
}
