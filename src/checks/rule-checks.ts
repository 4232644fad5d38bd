/*
 * The checks on rules: what they match, in which order, and where their requests go.
 */
import type { Check } from './check';
import { delegateDropped } from './delegate-dropped';
import { duplicateDestination } from './duplicate-destination';
import { duplicateHeaderCase } from './duplicate-header-case';
import { headerSetBeforeMatch } from './header-set-before-match';
import { ingressRulesNotAffected } from './ingress-rules-not-affected';
import { invalidRegex } from './invalid-regex';
import { matchGatewayNotListed } from './match-gateway-not-listed';
import { meshHostConflict } from './mesh-host-conflict';
import { noDefaultRoute } from './no-default-route';
import { regexLooksLikeSubstring } from './regex-looks-like-substring';
import { regexMatchesTooMuch } from './regex-matches-too-much';
import { ruleNeverMatches } from './rule-never-matches';
import { separateMatchesAreOr } from './separate-matches-are-or';
import { singleDestinationWeight } from './single-destination-weight';
import { sourceMatchIgnored } from './source-match-ignored';
import { undefinedRuleOrder } from './undefined-rule-order';
import { unreachableRule } from './unreachable-rule';
import { withoutHeadersSurprise } from './without-headers-surprise';

export const RULE_CHECKS: readonly Check[] = [
  invalidRegex,
  ruleNeverMatches,
  unreachableRule,
  undefinedRuleOrder,
  noDefaultRoute,
  separateMatchesAreOr,
  matchGatewayNotListed,
  sourceMatchIgnored,
  delegateDropped,
  duplicateHeaderCase,
  withoutHeadersSurprise,
  headerSetBeforeMatch,
  regexLooksLikeSubstring,
  regexMatchesTooMuch,
  meshHostConflict,
  ingressRulesNotAffected,
  singleDestinationWeight,
  duplicateDestination,
];
