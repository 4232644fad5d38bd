import fc from 'fast-check';
import { Language } from '../../src/predicate/language';
import { Predicate } from '../../src/predicate/predicate';
import { Solver } from '../../src/predicate/solver';
import { ABSENT, PRESENT, type ValueSet, within, without } from '../../src/predicate/value-set';

/** A condition in the words of a VirtualService, and what the tests themselves think that it means. */
interface Condition {
  readonly subject: string;
  readonly form: 'exact' | 'prefix' | 'regex' | 'present';
  readonly value: string;
  readonly not: boolean;
}

const PATTERNS = [
  '.*',
  '.+',
  '.*a.*',
  'a.*',
  '.*b',
  'a|b',
  '[ab]+',
  '(ab)*',
  '^a$',
  'a?b?',
  '(?i)A.*',
  '[^a]*',
  'a{1,2}',
  '',
];
const ALPHABET = ['a', 'b', 'A', ''];
const values = fc.array(fc.constantFrom('a', 'b', 'A'), { maxLength: 3 }).map((letters) => letters.join(''));
const condition: fc.Arbitrary<Condition> = fc
  .record({
    subject: fc.constantFrom('header x', 'header y'),
    form: fc.constantFrom('exact' as const, 'prefix' as const, 'regex' as const, 'present' as const),
    value: values,
    not: fc.boolean(),
  })
  .chain((one) =>
    one.form === 'regex' ? fc.constantFrom(...PATTERNS).map((value) => ({ ...one, value })) : fc.constant(one),
  );
const conjunction = fc.array(condition, { maxLength: 3 });

function holds({ form, value, not }: Condition, actual: string | undefined): boolean {
  if (form === 'present') {
    return (actual !== undefined) !== not;
  }
  const compare = (text: string) =>
    form === 'exact' ? text === value : form === 'prefix' ? text.startsWith(value) : fullMatch(value, text);
  return not ? !compare(actual ?? '') : actual !== undefined && compare(actual);
}

/** JavaScript's own engine: it agrees with RE2 on everything in PATTERNS. */
function fullMatch(pattern: string, text: string): boolean {
  const ignoreCase = pattern.startsWith('(?i)');
  return new RegExp(`^(?:${pattern.replace('(?i)', '')})$`, ignoreCase ? 'i' : '').test(text);
}

function setOf({ form, value, not }: Condition): ValueSet {
  if (form === 'present') {
    return not ? ABSENT : PRESENT;
  }
  const language =
    form === 'exact' ? Language.exact(value) : form === 'prefix' ? Language.prefix(value) : Language.regex(value);
  if (language === undefined) {
    throw new Error(`${value} should be decidable`);
  }
  return not ? without(language) : within(language);
}

function predicateOf(conditions: readonly Condition[]): Predicate {
  return Predicate.of(conditions.map((one) => [one.subject, setOf(one)]));
}

function matches(conditions: readonly Condition[], request: ReadonlyMap<string, string | undefined>): boolean {
  return conditions.every((one) => holds(one, request.get(one.subject)));
}

/** Every value of up to three letters, and none. */
const EVERY_VALUE = [
  undefined,
  ...new Set(ALPHABET.flatMap((a) => ALPHABET.flatMap((b) => ALPHABET.map((c) => a + b + c)))),
];
const EVERY_REQUEST = EVERY_VALUE.flatMap((x) =>
  EVERY_VALUE.map(
    (y) =>
      new Map([
        ['header x', x],
        ['header y', y],
      ]),
  ),
);

test('what is covered by random predicates leaves no small request, whatever the budget', () => {
  const rules = fc.array(conjunction, { maxLength: 4 });
  fc.assert(
    fc.property(conjunction, rules, fc.integer({ min: 0, max: 2000 }), (rule, earlier, steps) => {
      const solver = new Solver();
      const others = earlier.map((one) => ({ predicate: predicateOf(one) }));
      const by = solver.bounded(() => solver.coveredBy(predicateOf(rule), others), steps).answer;
      if (by !== undefined) {
        expect(
          EVERY_REQUEST.find((request) => matches(rule, request) && !earlier.some((one) => matches(one, request))),
        ).toBeUndefined();
      }
    }),
    { numRuns: 500 },
  );
});

test('whatever is answered about random predicates holds for every small request', () => {
  fc.assert(
    fc.property(conjunction, fc.array(conjunction, { maxLength: 4 }), (rule, earlier) => {
      const answer = new Solver().find(predicateOf(rule), earlier.map(predicateOf));
      const escapes = (request: ReadonlyMap<string, string | undefined>) =>
        matches(rule, request) && !earlier.some((one) => matches(one, request));
      if (answer.kind === 'none') {
        expect(EVERY_REQUEST.find(escapes)).toBeUndefined();
      } else if (answer.kind === 'found') {
        expect(escapes(answer.example)).toBe(true);
      } else {
        // Only a header that is sent twice escapes, of which there is no example in single values.
        expect(EVERY_REQUEST.find(escapes)).toBeUndefined();
      }
    }),
    { numRuns: 500 },
  );
});

/** Envoy looks at the values of a repeated header one by one. */
function holdsForAny({ not, ...one }: Condition, actual: readonly string[]): boolean {
  const some = (actual.length === 0 ? [undefined] : actual).some((value) => holds({ ...one, not: false }, value));
  const missing = one.form !== 'present' && actual.length === 0 && holds({ ...one, not: false }, '');
  return not ? !(some || missing) : some;
}

const EVERY_LIST = [
  ...EVERY_VALUE.map((value) => (value === undefined ? [] : [value])),
  ['a', 'b'],
  ['a', 'AB'],
  ['', 'b'],
];

test('what is empty or implied is so for headers that are sent twice, too', () => {
  fc.assert(
    fc.property(conjunction, conjunction, (a, b) => {
      const solver = new Solver();
      const aboutX = ({ subject }: Condition) => subject === 'header x';
      const [one, other] = [a.filter(aboutX), b.filter(aboutX)];
      const fulfil = (all: readonly Condition[]) => (list: readonly string[]) =>
        all.every((each) => holdsForAny(each, list));
      const inOne = EVERY_LIST.filter(fulfil(one));
      expect(solver.isEmpty(predicateOf(one)) && inOne.length > 0).toBe(false);
      expect(solver.implies(predicateOf(one), predicateOf(other)) && !inOne.every(fulfil(other))).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('implication and disjointness of random predicates hold for every small request', () => {
  fc.assert(
    fc.property(conjunction, conjunction, (a, b) => {
      const solver = new Solver();
      const inBoth = EVERY_REQUEST.some((request) => matches(a, request) && matches(b, request));
      const onlyInA = EVERY_REQUEST.some((request) => matches(a, request) && !matches(b, request));
      expect(solver.isDisjoint(predicateOf(a), predicateOf(b)) && inBoth).toBe(false);
      expect(solver.implies(predicateOf(a), predicateOf(b)) && onlyInA).toBe(false);
    }),
    { numRuns: 500 },
  );
});

describe('the budget', () => {
  const agent = (pattern: string) =>
    Predicate.of([['header user-agent', within(Language.regex(pattern) ?? Language.ALL)]]);
  /** As many rules as Istio's users have been seen to write, each after all others. */
  const isDecided = (rules: number, steps: number) => {
    const predicates = Array.from({ length: rules }, (_, index) => ({ predicate: agent(`.*K${1000 + index}E.*`) }));
    const solver = new Solver();
    const ask = () => predicates.map((one, index) => solver.coveredBy(one.predicate, predicates.slice(0, index)));
    const { answer, isComplete } = solver.bounded(ask, steps);
    expect(answer.every((by) => by === undefined)).toBe(true);
    return isComplete;
  };

  test('grows no faster than the pairs of rules', () => {
    expect(isDecided(100, 500_000)).toBe(true);
    expect(isDecided(200, 2_000_000)).toBe(true);
  });

  test('once spent, leaves everything undecided, and is forgotten with the question', () => {
    const solver = new Solver();
    const [narrow, wide] = [agent('a[0-9]{2,4}(b|c)+'), agent('a.*[bc]')];
    const ask = () => solver.implies(narrow, wide);
    expect(solver.bounded(ask, 10)).toEqual({ answer: false, isComplete: false });
    expect(solver.bounded(ask)).toEqual({ answer: true, isComplete: true });
    expect(solver.implies(narrow, wide)).toBe(true);
  });
});
