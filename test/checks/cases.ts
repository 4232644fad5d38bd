/*
 * Tests of a check as tables: manifests about which it is silent, and manifests in which it finds something.
 */
import type { Check } from '../../src/checks/check';
import type { Finding } from '../../src/checks/finding';
import { check as run } from './manifests';

export interface Expected extends Partial<Omit<Finding, 'message' | 'help'>> {
  /** What the message and the help must say, among other words. */
  readonly words?: readonly string[];
}

export interface Cases {
  /** By what makes it harmless. */
  readonly silent: { readonly [what: string]: readonly unknown[] };
  /** By what is wrong: the manifests, then the findings in their order. */
  readonly found: { readonly [what: string]: readonly [manifests: readonly unknown[], ...findings: Expected[]] };
}

export function describeCheck(check: Check, { silent, found }: Cases): void {
  describe(check.id, () => {
    test.each(Object.entries(silent))('silent: %s', (_, manifests) => {
      expect(run(check, manifests)).toEqual([]);
    });

    test.each(Object.entries(found))('found: %s', (_, [manifests, ...expected]) => {
      const findings = run(check, manifests);
      expect(findings).toMatchObject(expected.map(({ words: _words, ...fields }) => ({ check: check.id, ...fields })));
      for (const [index, { words = [] }] of expected.entries()) {
        const text = `${findings[index].message} ${findings[index].help}`;
        expect(words.filter((word) => !text.includes(word))).toEqual([]);
      }
    });
  });
}
