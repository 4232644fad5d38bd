/*
 * Rules for one http route of a VirtualService (`validateHTTPRoute`).
 */
import type { Node } from '../../manifests/node';
import { duration } from './common-rules';
import { has, not, saysNone } from './conditions';
import { cors } from './cors-rules';
import { fault } from './fault-rules';
import { authorityTwice, headerOperations } from './header-operation-rules';
import { match } from './match-rules';
import { all, at, notBoth, type Rule, refuseIf, when } from './refusal';
import { directResponse, redirect, rewrite } from './response-rules';
import { retries } from './retry-rules';
import { destinations, mirrors } from './route-destination-rules';

/** That none of `others` goes with the field. */
function excludes(field: string, ...others: readonly string[]): Rule {
  const help = 'Keep one of the two; for different requests, write two routes with matches.';
  return all(...others.map((other) => notBoth('An http route', other, field, help)));
}

const WITHOUT_DELEGATION = all(
  excludes('redirect', 'route', 'fault', 'rewrite'),
  excludes('directResponse', 'route', 'redirect', 'fault', 'rewrite'),
  excludes('mirrors', 'mirror'),
);

const delegates = (route: Node) => has(route, 'delegate');
/** Where a route delegates, Istio looks at no other pair. */
const WITH_DELEGATION = all(
  notBoth('An http route', 'delegate', 'route'),
  notBoth('An http route', 'delegate', 'redirect'),
);

// biome-ignore format: a table
const COMMON: Rule = all(
  refuseIf(saysNone('route', 'redirect', 'directResponse', 'delegate'),
    'An http route needs a route, redirect, directResponse or delegate', 'Add a route with a destination, a redirect or a directResponse.'),
  at('match[]', match),
  destinations,
  mirrors,
  redirect,
  at('directResponse', directResponse),
  at('rewrite', rewrite),
  at('retries', retries),
  at('fault', fault),
  at('corsPolicy', cors),
  at('timeout', duration),
  headerOperations,
  at('route[]', headerOperations),
  authorityTwice,
);

/** A route of a VirtualService with hosts. */
export const HTTP_ROUTE: Rule = all(when(delegates, WITH_DELEGATION), when(not(delegates), WITHOUT_DELEGATION), COMMON);

/** A route of a delegate. delegate-dropped reports one that delegates again. */
export const DELEGATE_ROUTE: Rule = all(WITHOUT_DELEGATION, COMMON);
