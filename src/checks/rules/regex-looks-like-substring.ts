/*
 * A regex, an exact value or a prefix that can only have been meant for a part of the value. Envoy matches the whole value, so that
 * `Chrome` matches no browser at all.
 *
 * Said of headers whose values are known to be longer: user-agent, held against real ones (user-agents.ts); cookie and
 * baggage, which list several entries; referer, which is a URL; authorization, which begins with a scheme. A pattern that
 * matches any whole value of that kind is left alone. Of everything else said only of a regex where one end is anchored and the other
 * is not, which reads as if more could follow.
 */
import type { StringMatch } from '../../model/string-match';
import { Language } from '../../predicate/language';
import { conditionsOf } from '../../predicate/match/conditions';
import { headerSubject } from '../../predicate/match/header';
import { Predicate, type Subject } from '../../predicate/predicate';
import { within } from '../../predicate/value-set';
import { quoteRegex, Re2 } from '../../syntax/re2';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { type RuleTables, ruleTablesOf } from '../shared/rule-table';
import { USER_AGENTS } from '../shared/user-agents';
import { type WrittenMatch, writtenMatchesOf } from '../shared/written-matches';

export const regexLooksLikeSubstring: Check = {
  id: 'regex-looks-like-substring',
  title: 'A condition that looks like a substring match',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const tables = ruleTablesOf(mesh);
    for (const { match } of writtenMatchesOf(mesh)) {
      for (const { field, name, value } of conditionsOf(match)) {
        const isHeader = field === 'headers' || field === 'withoutHeaders';
        const subject = isHeader ? headerSubject(name) : field;
        if (value.kind === 'regex' || (value.value !== '' && JUDGES.has(subject))) {
          examine(subject, name, value, match, tables, report);
        }
      }
    }
  },
};

function examine(
  subject: Subject,
  name: string,
  value: StringMatch,
  match: WrittenMatch['match'],
  tables: RuleTables,
  report: Report,
): void {
  const language = tables.reader.language(value);
  const judge = JUDGES.get(subject) ?? judgeAnchors;
  const isRegex = value.kind === 'regex';
  const pattern = isRegex ? value.value : quoteRegex(value.value);
  const complaint = language === undefined ? undefined : judge(pattern, language, tables, subject);
  if (complaint !== undefined) {
    const compared = value.kind === 'prefix' ? 'the beginning' : 'the whole value';
    report({
      object: match.object,
      path: `${value.path}.${value.kind}`,
      message: `The ${isRegex ? 'pattern' : value.kind === 'exact' ? 'value' : 'prefix'} ${value.value} is compared with ${compared} of ${name}, not searched for in it, and ${complaint.why}.`,
      help: `Write '${isRegex ? '' : 'regex: '}${complaint.instead}'.`,
    });
  }
}

interface Complaint {
  readonly why: string;
  readonly instead: string;
}

/** What is wrong with a pattern, where it is one for a part of the value. */
type Judge = (pattern: string, language: Language, tables: RuleTables, subject: Subject) => Complaint | undefined;

const JUDGES: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['header user-agent', judgeUserAgent],
  ['header cookie', listJudge('; ', (pattern) => `(.*; ?)?${pattern}(;.*)?`)],
  ['header baggage', listJudge(',', (pattern) => `(.*, ?)?${pattern}([,;].*)?`)],
  [
    'header referer',
    shapeJudge('(?i:[a-z][a-z0-9+.-]*):.*', 'a referer is a whole URL, and the pattern matches no URL'),
  ],
  [
    'header authorization',
    shapeJudge(
      '[^ ]+ +.+',
      'the value is a scheme and then the credentials, as in Bearer …, and the pattern matches no such value',
    ),
  ],
]);

function judgeUserAgent(pattern: string, language: Language): Complaint | undefined {
  if (USER_AGENTS.some(({ value }) => language.includes(value))) {
    return undefined;
  }
  const anywhere = Re2.compile(`.*(?:${inner(pattern)}).*`);
  const meant = USER_AGENTS.find(({ value }) => anywhere.fullMatch(value));
  return meant === undefined
    ? undefined
    : { why: `no browser sends just that: ${meant.browser} sends '${meant.value}'`, instead: `.*${inner(pattern)}.*` };
}

/** Of a header that lists entries: a pattern that matches an entry alone, but not beside another one. */
function listJudge(separator: string, instead: (pattern: string) => string): Judge {
  return (pattern, language, { solver }) => {
    const answer = solver.find(Predicate.ALWAYS.and('header x', within(language)));
    const entry = answer.kind === 'found' ? (answer.example.get('header x') ?? '') : '';
    const [behind, before] = [`${entry}${separator}a=b`, `a=b${separator}${entry}`];
    const isPrefix = language.start !== undefined;
    if (!entry.includes('=') || language.includes(before) || (language.includes(behind) && !isPrefix)) {
      return undefined;
    }
    const other = isPrefix ? before : behind;
    return {
      why: `a client that sends one more entry, as in '${other}', no longer matches`,
      instead: instead(inner(pattern)),
    };
  };
}

function shapeJudge(shape: string, why: string): Judge {
  const whole = Language.known(shape);
  return (pattern, language, { solver }) =>
    solver.isEmpty(Predicate.ALWAYS.and('value', within(language)).and('value', within(whole)))
      ? { why, instead: `.*${inner(pattern)}.*` }
      : undefined;
}

/** Text that no intended value contains, so only a pattern that allows anything here matches it. */
const MORE = '~';

/** `^/api` and `beta$`: one end is anchored, and the other, although it is not, takes nothing more either. */
function judgeAnchors(
  pattern: string,
  language: Language,
  { solver }: RuleTables,
  subject: Subject,
): Complaint | undefined {
  const atBegin = pattern.startsWith('^');
  const bare = pattern.replace(/^\^/, '').replace(END_ANCHOR, '');
  // In `^a|b$` each anchor is of one alternative.
  if (atBegin === END_ANCHOR.test(pattern) || hasAlternatives(bare)) {
    return undefined;
  }
  const answer = solver.find(Predicate.ALWAYS.and(subject, within(language)));
  const value = answer.kind === 'found' ? answer.example.get(subject) : undefined;
  const longer = atBegin ? `${value}${MORE}` : `${MORE}${value}`;
  if (value === undefined || language.includes(longer)) {
    return undefined;
  }
  return atBegin
    ? {
        why: `although it has '^' and no '$', nothing may follow: it matches '${value}' but not '${longer}'`,
        instead: `${bare}.*' for what begins like that, or '${bare}`,
      }
    : {
        why: `although it has '$' and no '^', nothing may come before: it matches '${value}' but not '${longer}'`,
        instead: `.*${bare}' for what ends like that, or '${bare}`,
      };
}

const END_ANCHOR = /(?<!\\)\$$/;

/** Whether a '|' stands outside of all parentheses and classes. */
function hasAlternatives(pattern: string): boolean {
  const outside = pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  let rest = outside;
  for (let shorter = rest.replace(/\([^()]*\)/g, ''); shorter !== rest; shorter = rest.replace(/\([^()]*\)/g, '')) {
    rest = shorter;
  }
  return rest.includes('|');
}

/**
 * The pattern without what a full match implies, or what is put around it again, and kept together where it has alternatives.
 */
function inner(pattern: string): string {
  const bare = pattern
    .replace(/^\^/, '')
    .replace(END_ANCHOR, '')
    .replace(/^\.\*\??|(?<!\\)\.\*\??$/g, '');
  return bare.includes('|') && !/^\([^()]*\)$/.test(bare) ? `(${bare})` : bare;
}
