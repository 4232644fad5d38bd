/*
 * The predicates in front of a rule, found by what they ask for, so that a long table of exact values and prefixes is not
 * compared pair by pair. Leaving one out can only lose a finding, never make a false one.
 */
import { append } from '../syntax/grouping';
import type { Predicate, Subject } from './predicate';

/** Up to this many predicates under one subject are handed out whatever is asked. */
const FEW = 32;
/** Above this many, they are only looked up by text. */
const MANY = 300;

export class EarlierPredicates<T> {
  private readonly others: T[] = [];
  private readonly bySubject = new Map<Subject, SubjectIndex<T>>();

  public add(item: T, predicate: Predicate): void {
    for (const [subject, set] of predicate.conditions) {
      const text = set.negated ? undefined : (set.language.only ?? set.language.start);
      if (text !== undefined && text !== '' && !set.missing) {
        let index = this.bySubject.get(subject);
        if (index === undefined) {
          index = { all: [], byText: new Map(), longest: 0 };
          this.bySubject.set(subject, index);
        }
        index.all.push(item);
        append(index.byText, text, item);
        index.longest = Math.max(index.longest, text.length);
        return;
      }
    }
    this.others.push(item);
  }

  /** Those that may hold whenever `predicate` does, alone or together. */
  public candidates(predicate: Predicate): readonly T[] {
    const found = this.others.slice(-MANY);
    for (const [subject, index] of this.bySubject) {
      found.push(...lookUp(predicate, subject, index));
    }
    return found;
  }
}

interface SubjectIndex<T> {
  readonly all: T[];
  readonly byText: Map<string, T[]>;
  longest: number;
}

function lookUp<T>(predicate: Predicate, subject: Subject, index: SubjectIndex<T>): readonly T[] {
  if (index.all.length <= FEW) {
    return index.all;
  }
  const sets = predicate.sets.get(subject);
  if (sets === undefined) {
    return [];
  }
  const text = sets
    .map(({ negated, language }) => (negated ? undefined : (language.only ?? language.start)))
    .find(Boolean);
  if (text === undefined) {
    return index.all.slice(0, MANY);
  }
  const found: T[] = [];
  for (let length = 1; length <= Math.min(text.length, index.longest); length++) {
    found.push(...(index.byText.get(text.slice(0, length)) ?? []));
  }
  return found;
}
