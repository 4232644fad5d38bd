/*
 * Rules for the matches of an http route (`validateHTTPRouteMatchRequest`).
 */

import { isClaim } from '../../predicate/match/claim';
import { label, routePort } from './common-rules';
import { is } from './conditions';
import { gatewayNames } from './gateway-name-rules';
import { refuseHeaderName } from './header-operation-rules';
import { labelsOfPods } from './label-rules';
import { all, at, entries, errorsOnly, NOTHING, type Rule, refuseIf } from './refusal';

// biome-ignore format: a table
const prefix = at('prefix', refuseIf(is(''),
  'A prefix here cannot be empty', "Write '{}' to ask only that there is a value."));

const headerName = entries((name, node) =>
  // A claim of a token stands in the place of a header, and the status of a response among the pseudo-headers.
  isClaim(name) || name === ':status'
    ? NOTHING
    : refuseHeaderName(node, name, 'Write the name of a header, as in x-version.'),
);

export const match: Rule = all(
  at('port', routePort),
  at('sourceNamespace', label('sourceNamespace')),
  ...['scheme', 'method', 'authority'].map((field) => at(field, prefix)),
  ...['headers{}', 'withoutHeaders{}', 'queryParams{}'].map((field) => at(field, prefix)),
  ...['headers', 'withoutHeaders'].map((field) => at(field, headerName)),
  at('sourceLabels', labelsOfPods),
  at('gateways', errorsOnly(gatewayNames)),
);
