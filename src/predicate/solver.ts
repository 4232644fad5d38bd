/*
 * Decides whether some request fulfils one predicate and none of several others. A rule is unreachable when none does for the
 * rule and all before it; a table of rules has a hole when one does for "every request" and all of its rules.
 *
 * A header may be sent more than once, and then has several values. "None" means none of those requests, either; an example has
 * one value of each header.
 *
 * Exact: "none" and "found" are both proofs, and where neither can be had at a bearable price the answer is "undecided". Values
 * are taken for text: bytes that are not UTF-8, which RE2's `.` does not match, are not considered.
 */
import { Budget } from './budget';
import { type FoundValue, ValueFinder } from './find-value';
import type { Language } from './language';
import { domainOf, isOpaque, mayRepeat, type Predicate, type Subject } from './predicate';
import { complement, holds, type ValueSet } from './value-set';

/** Part of a request by subject; undefined where there is none. What is not named does not matter. */
export type Example = ReadonlyMap<Subject, string | undefined>;

type Answer =
  | { readonly kind: 'found'; readonly example: Example }
  | { readonly kind: 'none' }
  | { readonly kind: 'undecided' };

/**
 * Values for one subject; `missing` when only having none will do, or is the simplest; `repeated` when it takes several values
 * at once.
 */
type Value = FoundValue | { readonly kind: 'missing' | 'repeated' };

const NONE: Answer = { kind: 'none' };
const UNDECIDED = { kind: 'undecided' } as const;
const MISSING: Value = { kind: 'missing' };
const REPEATED: Value = { kind: 'repeated' };

/** How often a predicate is split before the answer is "undecided". */
const MAX_SPLITS = 400;

/** Above this many, only a predicate that covers another one alone is looked for. */
const MAX_TOGETHER = 32;
/** How many predicates are tried to do without, where several together cover one. */
const MAX_LEFT_OUT = 12;

/** Steps for all questions about one mesh. */
const STEPS_IN_ALL = 200_000_000;
/** Steps for the questions of one check about one VirtualService. */
const STEPS_AT_ONCE = 10_000_000;

/** Other values than a shortest one, for a condition that asks for a part of the value only. */
const VARIANTS: readonly ((value: string) => string)[] = [(value) => `${value}~`, (value) => `${value}0${value}`];

export class Solver {
  private readonly all = new Budget(STEPS_IN_ALL);
  private readonly finder = new ValueFinder(this.all);
  private readonly known = new Map<Subject, Map<string, Value>>();

  /**
   * Asks questions that share a budget, after which all of them are undecided.
   *
   * @param steps as in `Budget`
   * @returns what `ask` returns, and whether the budget was enough
   */
  public bounded<T>(ask: () => T, steps = STEPS_AT_ONCE): { readonly answer: T; readonly isComplete: boolean } {
    const budget = new Budget(steps, this.all);
    this.finder.budget = budget;
    try {
      const answer = ask();
      return { answer, isComplete: !budget.isSpent };
    } finally {
      this.finder.budget = this.all;
    }
  }

  /** A request that fulfils `predicate` and none of `others`. */
  public find(predicate: Predicate, others: readonly Predicate[] = []): Answer {
    if (this.isEmpty(predicate)) {
      return NONE;
    }
    const relevant = others.filter((other) => !this.isDisjoint(predicate, other));
    if (relevant.some((other) => this.implies(predicate, other))) {
      return NONE;
    }
    const answer = this.subtract(predicate, relevant, 0, { left: MAX_SPLITS });
    // Whether a condition that cannot be looked into holds for the request is not known, so it is no example.
    return answer.kind === 'found' && [...answer.example.keys()].some(isOpaque) ? UNDECIDED : answer;
  }

  /**
   * Which of `others` together hold whenever `predicate` does: one alone if there is such a one, else as few as can easily be
   * told. Undefined when some request escapes them, or it is not decided.
   */
  public coveredBy<T extends { readonly predicate: Predicate }>(
    predicate: Predicate,
    others: readonly T[],
  ): readonly T[] | undefined {
    const escaping = this.witnesses(predicate);
    const takes = (other: T, witness: Example) => this.isExampleOf(witness, other.predicate);
    if (escaping.some((witness) => !others.some((other) => takes(other, witness)))) {
      return undefined;
    }
    const alone = others.find(
      (other) => escaping.every((witness) => takes(other, witness)) && this.implies(predicate, other.predicate),
    );
    if (alone !== undefined) {
      return [alone];
    }
    let needed: T[] = [];
    for (const other of others) {
      if (needed.length <= MAX_TOGETHER && !this.isDisjoint(predicate, other.predicate)) {
        needed.push(other);
      }
    }
    const isCover = (some: readonly T[]) =>
      this.subtract(
        predicate,
        some.map((one) => one.predicate),
        0,
        { left: MAX_SPLITS },
      ).kind === 'none';
    if (needed.length < 2 || needed.length > MAX_TOGETHER || !isCover(needed)) {
      return undefined;
    }
    for (const one of needed.slice(0, MAX_LEFT_OUT)) {
      const fewer = needed.filter((other) => other !== one);
      needed = isCover(fewer) ? fewer : needed;
    }
    return needed;
  }

  /** Whether certainly no request fulfils the predicate. */
  public isEmpty(predicate: Predicate): boolean {
    return [...predicate.sets].some(([subject, sets]) => this.value(subject, sets).kind === 'none');
  }

  /** Whether certainly every request that fulfils `predicate` fulfils `other`. */
  public implies(predicate: Predicate, other: Predicate): boolean {
    for (const [subject, sets] of other.sets) {
      const known = predicate.sets.get(subject) ?? [];
      if (!sets.every((set) => this.value(subject, [...known, complement(set)]).kind === 'none')) {
        return false;
      }
    }
    return true;
  }

  /** Whether certainly no request fulfils both, but for one that sends a header more than once. */
  public isDisjoint(one: Predicate, other: Predicate): boolean {
    for (const [subject, sets] of other.sets) {
      const known = one.sets.get(subject);
      const kind = known && this.value(subject, [...known, ...sets]).kind;
      if (kind === 'none' || kind === 'repeated') {
        return true;
      }
    }
    return false;
  }

  /** What is left of `predicate` without `others[from…]`: split along the conditions of the first, piece by piece. */
  private subtract(predicate: Predicate, others: readonly Predicate[], from: number, splits: { left: number }): Answer {
    if (splits.left-- <= 0 || this.finder.budget.isSpent) {
      return UNDECIDED;
    }
    if (from === others.length) {
      return this.exampleOf(predicate);
    }
    let undecided = false;
    let rest = predicate;
    for (const [subject, set] of others[from].conditions) {
      const piece = rest.and(subject, complement(set));
      if (this.holds(piece, subject)) {
        const answer = this.subtract(piece, others, from + 1, splits);
        if (answer.kind === 'found') {
          return answer;
        }
        undecided ||= answer.kind === 'undecided';
      }
      rest = rest.and(subject, set);
      if (!this.holds(rest, subject)) {
        break;
      }
    }
    return undecided ? UNDECIDED : NONE;
  }

  private holds(predicate: Predicate, subject: Subject): boolean {
    return this.value(subject, predicate.sets.get(subject) ?? []).kind !== 'none';
  }

  /** A few requests that fulfil the predicate. Most rules that something gets through to can be told by one of them. */
  private witnesses(predicate: Predicate): readonly Example[] {
    const answer = this.exampleOf(predicate);
    if (answer.kind !== 'found') {
      return [];
    }
    const variants = VARIANTS.map(
      (vary) => new Map([...answer.example].map(([subject, value]) => [subject, value && vary(value)])),
    );
    const isPossible = (example: Example) =>
      [...example].every(([subject, value]) => holds(domainOf(subject), value)) && this.isExampleOf(example, predicate);
    return [answer.example, ...variants.filter(isPossible)];
  }

  /** Whether the request fulfils the predicate; also true where that is not known. */
  private isExampleOf(example: Example, predicate: Predicate): boolean {
    return predicate.conditions.every(([subject, set]) => {
      const domain = domainOf(subject);
      let value = example.get(subject);
      if (value === undefined && !domain.missing) {
        const usual = this.value(subject, []);
        if (usual.kind !== 'found') {
          return true;
        }
        value = usual.value;
      }
      this.finder.budget.pay(1 + (value?.length ?? 0));
      return holds(set, value);
    });
  }

  private exampleOf(predicate: Predicate): Answer {
    const example = new Map<Subject, string | undefined>();
    for (const [subject, sets] of predicate.sets) {
      const value = this.value(subject, sets);
      if (value.kind === 'none') {
        return NONE;
      }
      if (value.kind === 'undecided' || value.kind === 'repeated') {
        return UNDECIDED;
      }
      example.set(subject, value.kind === 'found' ? value.value : undefined);
    }
    return { kind: 'found', example };
  }

  /** A value of the subject that is in all of the sets. Most are asked for again and again. */
  private value(subject: Subject, sets: readonly ValueSet[]): Value {
    let known = this.known.get(subject);
    if (known === undefined) {
      known = new Map();
      this.known.set(subject, known);
    }
    const key = sets.length === 1 ? sets[0].key : sets.map((set) => set.key).join('\n');
    let value = known.get(key);
    if (value === undefined) {
      value = this.look(subject, sets);
      // What could not be paid for may be asked again, on another account.
      if (value.kind !== 'undecided' || !this.finder.budget.isSpent) {
        known.set(key, value);
      }
    }
    return value;
  }

  private look(subject: Subject, sets: readonly ValueSet[]): Value {
    const domain = domainOf(subject);
    if (domain.missing && sets.every(({ missing }) => missing)) {
      return MISSING;
    }
    const inside: Language[] = [];
    const outside: Language[] = [];
    for (const { negated, language } of [domain, ...sets]) {
      (negated ? outside : inside).push(language);
    }
    const value = this.finder.find(inside, outside);
    return value.kind === 'none' && mayRepeat(subject) ? this.several(domain.language, inside, outside) : value;
  }

  /** Several values, of which one is in each of `inside`, and none in any of `outside`. */
  private several(all: Language, inside: readonly Language[], outside: readonly Language[]): Value {
    const kinds = inside.map((language) => this.finder.find([all, language], outside).kind);
    return kinds.find((kind) => kind !== 'found') === undefined
      ? REPEATED
      : { kind: kinds.includes('none') ? 'none' : 'undecided' };
  }
}
