/*
 * Why istioctl says something of VirtualServices and their rules that the checks do not say.
 */
import { found, foundAnywhere, isSaidOfAnother, rulesOf, spec } from './message-context';
import { isServedNowhere } from './message-gateways';
import { dividesNothing, holdsForGatewayToo, isOfGatewayRules } from './message-routes';
import { areOfDifferentKinds, hasOtherConditions, isIdleDelegate, isOfAnotherList, isOfOneRule } from './message-rules';
import type { Reason } from './reason';

export const RULE_REASONS: readonly Reason[] = [
  {
    codes: ['IST0109', 'IST0110'],
    kind: 'said elsewhere',
    why: 'A conflict is reported once, for the object that loses, and by istioctl for each object that takes part',
    holds: isSaidOfAnother,
  },
  {
    codes: ['IST0109'],
    kind: 'false alarm',
    why: 'One VirtualService has the host by two names, and is named as in conflict with itself',
    holds: ({ message }) => / ([^ ,]+),\1 associated/.test(message.message),
  },
  {
    codes: ['IST0109'],
    kind: 'false alarm',
    why: 'One of the two has the host and the other a wildcard that covers it: they do not conflict, the host wins',
    holds: ({ manifests }) =>
      manifests.some(
        ({ kind, spec: of }) =>
          kind === 'VirtualService' &&
          ((of as { hosts?: readonly string[] }).hosts ?? []).some((host) => host.startsWith('*')),
      ),
  },
  {
    codes: ['IST0109'],
    kind: 'said elsewhere',
    why: 'One of the two delegates to rules that are dropped, so that it has none, which delegate-dropped says',
    holds: (context) => foundAnywhere(context, 'delegate-dropped'),
  },
  {
    codes: ['IST0109'],
    kind: 'false alarm',
    why: 'The two have rules of different kinds, or for different names of TLS, and sidecars put those together',
    holds: areOfDifferentKinds,
  },
  {
    codes: ['IST0130', 'IST0131'],
    kind: 'said elsewhere',
    why: 'The rule delegates: the checks report the rules of the delegate, or that they are dropped',
    holds: (context) => rulesOf(context).some(({ delegate }) => delegate !== undefined),
  },
  {
    codes: ['IST0130', 'IST0131'],
    kind: 'said elsewhere',
    why: 'The rule gets no request for a reason of its own: match-gateway-not-listed, rule-never-matches',
    holds: (context) => found(context, 'match-gateway-not-listed', 'rule-never-matches', 'without-headers-surprise'),
  },
  {
    codes: ['IST0130', 'IST0131'],
    kind: 'said elsewhere',
    why: 'The rule is a delegate’s, and is dropped, which delegate-dropped says',
    holds: (context) => found(context, 'delegate-dropped'),
  },
  {
    codes: ['IST0130', 'IST0131'],
    kind: 'out of scope',
    why: 'A rule for TLS or TCP: of what an earlier rule takes, the checks compare http rules only',
    holds: isOfAnotherList,
  },
  {
    codes: ['IST0131'],
    kind: 'false alarm',
    why: 'The match ignores case, so that the earlier one, which does not, leaves some requests to it',
    holds: (context) => JSON.stringify(spec(context)).includes('"ignoreUriCase":true'),
  },
  {
    codes: ['IST0131'],
    kind: 'said elsewhere',
    why: 'The match repeats one of a rule that is not in force at all: its VirtualService is bound to no Gateway that exists',
    holds: (context) => found(context, 'gateway-not-found'),
  },
  {
    codes: ['IST0131'],
    kind: 'false alarm',
    why: 'The earlier match has a condition that this one has not, such as an authority, which istioctl does not compare',
    holds: hasOtherConditions,
  },
  {
    codes: ['IST0140'],
    kind: 'false alarm',
    why: "The VirtualService names only 'mesh' under gateways, so that no ingress gateway follows it",
    holds: (context) => ((spec(context).gateways ?? []) as readonly string[]).every((name) => name === 'mesh'),
  },
  {
    codes: ['IST0140'],
    kind: 'false alarm',
    why: 'The rules with the subset are bound to gateways and not to the mesh, and nobody expects them of what other routes lead to',
    holds: isOfGatewayRules,
  },
  {
    codes: ['IST0140'],
    kind: 'said elsewhere',
    why: 'The Gateway does not exist, which gateway-not-found says',
    holds: (context) => found(context, 'gateway-not-found'),
  },
  {
    codes: ['IST0130', 'IST0131'],
    kind: 'said elsewhere',
    why: 'No request comes to the rules: nobody delegates to them, or only rules of which the checks say that they take nothing',
    holds: isIdleDelegate,
  },
  {
    codes: ['IST0130', 'IST0131'],
    kind: 'said elsewhere',
    why: 'The rules are in force at no Gateway, which host-not-in-gateway or another check says',
    holds: isServedNowhere,
  },
  {
    codes: ['IST0131'],
    kind: 'false alarm',
    why: 'One rule has the match twice, and does the same for both',
    holds: isOfOneRule,
  },
  {
    codes: ['IST0140'],
    kind: 'false alarm',
    why: 'The rules with the subset are bound to the gateways, too, and hold there',
    holds: holdsForGatewayToo,
  },
  {
    codes: ['IST0140'],
    kind: 'false alarm',
    why: 'Every pod behind the service is in the subset, so that it is the same without it',
    holds: dividesNothing,
  },
];
