/*
 * Values of charts: what is accepted is kept as it is, and merged as Helm merges files.
 */
import fc from 'fast-check';
import { JSON_VALUES, type JsonValues, mergeValues } from '../../../src/constructs/objects/json-values';

const anyValues = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,3}$/),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>('x', '', 0, 1.5, true, false, null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-c]$/), tie('value'), { maxKeys: 3 }),
    ),
  })).value,
);

test('any JSON is accepted, and copied', () => {
  fc.assert(
    fc.property(anyValues, (values) => {
      expect(JSON_VALUES.complaint(values)).toBeUndefined();
      const copy = JSON_VALUES.copy(values);
      expect(copy).toEqual(values);
      expect(copy).not.toBe(values);
    }),
  );
});

test('what is merged last is there, and of what was before all that it does not name', () => {
  fc.assert(
    fc.property(anyValues, anyValues, (base, over) => {
      const [before, after] = [structuredClone(base), structuredClone(over)];
      const merged = mergeValues(base, over);
      expect(mergeValues(merged, over)).toEqual(merged);
      expect(holds(merged, over)).toBe(true);
      for (const key of Object.keys(base).filter((name) => !(name in over))) {
        expect(merged[key]).toEqual(base[key]);
      }
      expect([base, over]).toEqual([before, after]);
    }),
  );
});

/** Whether all leaves of `part` are in `whole`, where they are. */
function holds(whole: unknown, part: unknown): boolean {
  if (!isMap(part)) {
    return JSON.stringify(whole) === JSON.stringify(part);
  }
  return isMap(whole) && Object.entries(part).every(([key, value]) => holds(whole[key], value));
}

function isMap(value: unknown): value is JsonValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
