/*
 * Matches that take everything that given ones take, in the many ways in which that comes about.
 */
import type { Random } from '../random';
import type { WrittenMatch } from './marks';

type Matcher = { readonly exact?: string; readonly prefix?: string; readonly regex?: string };

/** One match for each; none at all is wider than all. */
export function wider(random: Random, matches: readonly WrittenMatch[] = []): readonly WrittenMatch[] | undefined {
  return matches.length === 0 || random.chance(0.15)
    ? random.pick(EVERYTHING)
    : matches.map((match) => widened(random, match));
}

const EVERYTHING: readonly (readonly WrittenMatch[] | undefined)[] = [
  undefined,
  [{ uri: { prefix: '/' } }],
  [{ uri: { regex: '.*' } }],
  [{ method: { regex: '.*' } }],
  [{ uri: { regex: '/.*' }, scheme: { regex: 'https?' } }],
];

function widened(random: Random, match: WrittenMatch): WrittenMatch {
  const fields = Object.keys(match).filter((field) => !['name', 'gateways', 'ignoreUriCase'].includes(field));
  if (fields.length > 1 && random.chance(0.5)) {
    const { [random.pick(fields)]: _dropped, ...rest } = match;
    return rest;
  }
  return Object.fromEntries(
    Object.entries(match).map(([field, value]) => [
      field,
      random.chance(0.8) ? widerField(random, field, value) : value,
    ]),
  );
}

function widerField(random: Random, field: string, value: unknown): unknown {
  switch (field) {
    case 'uri':
    case 'method':
    case 'authority':
      return widerMatcher(random, value as Matcher);
    case 'headers':
    case 'queryParams':
      return Object.fromEntries(
        Object.entries(value as { [name: string]: Matcher }).map(([name, each]) => [
          random.chance(0.2) && field === 'headers' ? name.toUpperCase() : name,
          random.chance(0.3) && field === 'headers' ? {} : widerMatcher(random, each),
        ]),
      );
    default:
      return value;
  }
}

function widerMatcher(random: Random, matcher: Matcher): Matcher {
  const { exact, prefix, regex } = matcher;
  const text = exact ?? prefix;
  if (text !== undefined && text !== '') {
    const cut = text.slice(0, random.integer(1, text.length));
    const ways: readonly Matcher[] = [
      { prefix: cut },
      { regex: `${quoted(cut)}.*` },
      { regex: `(?i)${quoted(cut)}.*` },
      matcher,
    ];
    return random.pick(ways);
  }
  return regex === undefined ? matcher : random.pick([matcher, { regex: `(${regex})|x` }, { regex: '.*' }]);
}

function quoted(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
