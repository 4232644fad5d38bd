/*
 * Every check there is, in the order in which they run.
 */
import type { Check } from './check';
import { REFERENCE_CHECKS } from './reference-checks';
import { RULE_CHECKS } from './rule-checks';

export const ALL_CHECKS: readonly Check[] = [...REFERENCE_CHECKS, ...RULE_CHECKS];
