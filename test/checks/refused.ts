/*
 * Cases of rejected-by-istio, short: one manifest, one error.
 */
import { Severity } from '../../src/checks/finding';
import type { Expected } from './cases';

/** What is wrong → manifest, path, and words that the message or the help says. */
export function errors(cases: { readonly [what: string]: readonly [object, string, ...string[]] }): {
  [what: string]: readonly [unknown[], Expected];
} {
  return Object.fromEntries(
    Object.entries(cases).map(([what, [manifest, path, ...words]]) => [
      what,
      [[manifest], { severity: Severity.ERROR, istioCodes: ['IST0106'], path, words: [...words, 'Istio refuses'] }],
    ]),
  );
}
