/*
 * A predicate over requests: a conjunction of conditions, each on one part (a subject) of the request. Parts are independent
 * of each other, so a predicate is a box: the product of one set of values for every subject.
 */
import { Language } from './language';
import { complement, type ValueSet, within, withinOrMissing } from './value-set';

/**
 * The part of a request that a condition is about: `uri`, `method`, `scheme`, `authority`, `header x-version`, `query q`, and of
 * what Istio decides before there is any request, `port`, `gateway`, `namespace`, `label app`. A condition that cannot be
 * looked into is a subject of its own, `opaque …`, of which only "holds" or "does not hold" is known.
 */
export type Subject = string;

export class Predicate {
  /** Every request. */
  public static readonly ALWAYS = new Predicate(new Map());

  public static of(conditions: readonly (readonly [Subject, ValueSet])[]): Predicate {
    const sets = new Map<Subject, ValueSet[]>();
    for (const [subject, set] of conditions) {
      const known = sets.get(subject);
      if (known === undefined) {
        sets.set(subject, [set]);
      } else if (!known.some(({ key }) => key === set.key)) {
        known.push(set);
      }
    }
    return new Predicate(sets);
  }

  private list: readonly (readonly [Subject, ValueSet])[] | undefined;

  /** @param sets of each subject that matters, the sets that its value must all be in */
  private constructor(public readonly sets: ReadonlyMap<Subject, readonly ValueSet[]>) {}

  public get conditions(): readonly (readonly [Subject, ValueSet])[] {
    this.list ??= [...this.sets].flatMap(([subject, sets]) => sets.map((set) => [subject, set] as const));
    return this.list;
  }

  public and(subject: Subject, set: ValueSet): Predicate {
    const known = this.sets.get(subject) ?? [];
    if (known.some(({ key }) => key === set.key)) {
      return this;
    }
    return new Predicate(new Map(this.sets).set(subject, [...known, set]));
  }

  public andAll(other: Predicate): Predicate {
    return other.conditions.length === 0 ? this : Predicate.of([...this.conditions, ...other.conditions]);
  }

  /** The same, asking nothing of the subjects that `drop` names. */
  public dropping(drop: (subject: Subject) => boolean): Predicate {
    return new Predicate(new Map([...this.sets].filter(([subject]) => !drop(subject))));
  }
}

/** Says of a condition that cannot be looked into that it holds. */
export const HOLDS = within(Language.exact('yes'));
export const HOLDS_NOT = complement(HOLDS);

export function opaque(what: string): Subject {
  return `opaque ${what}`;
}

export function isOpaque(subject: Subject): boolean {
  return subject.startsWith('opaque ');
}

const TEXT = '[\\t -~\\x{80}-\\x{d7ff}\\x{e000}-\\x{10ffff}]';

/*
 * What values a subject can have at all. Rather too many than too few: a value that cannot occur may hide a finding, one that
 * is missing here could make a false one.
 */
const DOMAINS: ReadonlyMap<string, ValueSet> = new Map([
  ['uri', within(Language.known('/[!"$->@-~\\x{80}-\\x{d7ff}\\x{e000}-\\x{10ffff}]*'))],
  ['method', within(Language.known("[!#$%&'*+.^_`|~0-9A-Za-z-]+"))],
  ['scheme', within(Language.known('https?'))],
  ['authority', within(Language.known('[!-~]+'))],
  ['header :path', within(Language.known('/[!-~\\x{80}-\\x{d7ff}\\x{e000}-\\x{10ffff}]*'))],
  // Only responses have one.
  ['header :status', complement(within(Language.ALL))],
  ['port', within(Language.known('[1-9][0-9]{0,4}'))],
  ['gateway', within(Language.ALL)],
  ['namespace', within(Language.known('[a-z0-9-]+'))],
  ['opaque', within(Language.known('yes|no'))],
]);
const OPTIONAL_TEXT = withinOrMissing(Language.known(`${TEXT}*`));

/**
 * Whether a request may have several values of it, which Envoy then looks at one by one: a condition holds if it holds for one
 * of them, and one of withoutHeaders if it does for all.
 */
export function mayRepeat(subject: Subject): boolean {
  return subject.startsWith('header ') && !subject.startsWith('header :');
}

export function domainOf(subject: Subject): ValueSet {
  return DOMAINS.get(isOpaque(subject) ? 'opaque' : subject) ?? OPTIONAL_TEXT;
}
