/*
 * Rules for the matches of an http route (`validateHTTPRouteMatchRequest`).
 */

import type { Node } from '../../manifests/node';
import { isClaim } from '../../predicate/match/claim';
import { complaintAboutHeaderName } from '../../syntax/names';
import { gatewayNames } from './gateway-name-rules';
import { labelsOfPods } from './label-rules';
import { errorsOnly, has, label, NOTHING, type Refusal, refuse, refuseFor, routePort, where } from './refusal';

export function matches(route: Node): readonly Refusal[] {
  return route.get('match').items().flatMap(match);
}

function match(node: Node): readonly Refusal[] {
  return [
    ...routePort(node.get('port')),
    ...label(node.get('sourceNamespace'), 'sourceNamespace'),
    ...['scheme', 'method', 'authority'].flatMap((field) => emptyPrefix(node.get(field))),
    ...['headers', 'withoutHeaders', 'queryParams'].flatMap((field) =>
      has(node, field)
        ? node
            .get(field)
            .entries()
            .flatMap(([, value]) => emptyPrefix(value))
        : NOTHING,
    ),
    ...['headers', 'withoutHeaders'].flatMap((field) =>
      has(node, field) ? node.get(field).entries().flatMap(headerName) : NOTHING,
    ),
    ...where('sourceLabels', (owner) => labelsOfPods(owner.get('sourceLabels')))(node),
    ...where('gateways', (owner) => errorsOnly(gatewayNames(owner.get('gateways'))))(node),
  ];
}

/** What Istio takes for the name of a header to match: as RFC 9110 has it, and the comma. */
const HEADER_NAME = /^[!#$%&'*+,\-.^_`|~0-9A-Za-z]+$/;

function headerName([name, node]: readonly [string, Node]): readonly Refusal[] {
  // A claim of a token stands in the place of a header, and the status of a response among the pseudo-headers.
  if (HEADER_NAME.test(name) || isClaim(name) || name === ':status') {
    return NOTHING;
  }
  const complaint = complaintAboutHeaderName(name);
  return complaint === undefined
    ? NOTHING
    : refuseFor(node, `The header name '${name}'`, complaint, 'Write the name of a header, as in x-version.');
}

function emptyPrefix(node: Node): readonly Refusal[] {
  const prefix = node.present && typeof node.value === 'object' ? node.get('prefix') : undefined;
  return prefix?.value === ''
    ? refuse(prefix, 'A prefix here cannot be empty', "Write '{}' to ask only that there is a value.")
    : NOTHING;
}
