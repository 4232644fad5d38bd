/*
 * Rules for a VirtualService as a whole (`ValidateVirtualService`).
 */

import type { Node } from '../../manifests/node';
import { MESH_GATEWAY } from '../../model/naming';
import { isClaim } from '../../predicate/match/claim';
import { hostsOverlap } from '../../syntax/hosts';
import { gatewayNames } from './gateway-name-rules';
import { hostOrAddress, isSniOfRouters } from './host-rules';
import { DELEGATE_ROUTE_RULES, HTTP_ROUTE_RULES, httpRoute } from './http-route-rules';
import { layer4Routes } from './layer-4-route-rules';
import { applyToEach, has, NOTHING, type Refusal, type Rule, refuse, textOf } from './refusal';

function noRoutes(spec: Node): readonly Refusal[] {
  return ['http', 'tls', 'tcp'].some((kind) => spec.get(kind).items().length > 0)
    ? NOTHING
    : refuse(spec, 'A VirtualService needs http, tls or tcp routes', 'Add http with at least one route.');
}

function isDelegate(spec: Node): boolean {
  return spec.get('hosts').items().length === 0;
}

function delegate(spec: Node): readonly Refusal[] {
  if (!isDelegate(spec)) {
    return NOTHING;
  }
  const extra = ['gateways', 'tls', 'tcp'].find((name) => spec.get(name).items().length > 0);
  return extra === undefined
    ? NOTHING
    : refuse(
        spec,
        `A VirtualService without hosts is a delegate, and a delegate has no ${extra}`,
        `Add hosts, or take ${extra} out.`,
      );
}

function isForMesh(spec: Node): boolean {
  const gateways = spec.get('gateways').items();
  return gateways.length === 0 || gateways.some(({ value }) => value === MESH_GATEWAY);
}

function hosts(spec: Node): readonly Refusal[] {
  const forMesh = isForMesh(spec);
  return spec
    .get('hosts')
    .items()
    .flatMap((node) => {
      if (node.value === '*' && forMesh) {
        return refuse(
          node,
          "The host '*' is for gateways only, and this VirtualService is for the mesh too",
          'Name a gateway in spec.gateways and not mesh, or write the hosts one by one.',
        );
      }
      const isSni = !forMesh && isSniOfRouters(textOf(node) ?? '') && readsSni(spec);
      return isSni ? NOTHING : hostOrAddress(node);
    });
}

/** Whether a tls route looks at names. */
function readsSni(spec: Node): boolean {
  return spec
    .get('tls')
    .items()
    .some((route) =>
      route
        .get('match')
        .items()
        .some((match) => match.get('sniHosts').items().length > 0),
    );
}

function duplicateHosts(spec: Node): readonly Refusal[] {
  const items = spec.get('hosts').items();
  const exact = new Set<string>();
  const wildcards: string[] = [];
  return items.flatMap((node) => {
    const text = textOf(node);
    if (text === undefined) {
      return NOTHING;
    }
    const other = exact.has(text)
      ? text
      : (wildcards.find((wildcard) => hostsOverlap(wildcard, text)) ??
        (text.startsWith('*') ? [...exact].find((name) => hostsOverlap(text, name)) : undefined));
    if (text.startsWith('*')) {
      wildcards.push(text);
    } else {
      exact.add(text);
    }
    if (other === text) {
      return refuse(node, `The VirtualService has the host ${text} twice`, 'Take one out.');
    }
    return other === undefined
      ? NOTHING
      : refuse(node, `The hosts ${other} and ${text} of one VirtualService overlap`, 'Keep the wider of the two.');
  });
}

/** A sidecar does not read tokens where it routes. */
function claimsInMesh(spec: Node): readonly Refusal[] {
  return (isForMesh(spec) ? spec.get('http').items() : [])
    .flatMap((route) => route.get('match').items())
    .flatMap((match) =>
      ['headers', 'withoutHeaders'].flatMap((field) => (has(match, field) ? match.get(field).entries() : [])),
    )
    .flatMap(([name, node]) =>
      isClaim(name)
        ? refuse(
            node,
            'A claim of a token can be matched at gateways only, and this VirtualService is for the mesh too',
            'Name a gateway in spec.gateways and not mesh.',
          )
        : NOTHING,
    );
}

export const VIRTUAL_SERVICE_RULES: readonly Rule[] = [
  noRoutes,
  delegate,
  hosts,
  duplicateHosts,
  (spec) => gatewayNames(spec.get('gateways')),
  claimsInMesh,
  (spec) => applyToEach(spec.get('http'), [httpRoute(isDelegate(spec) ? DELEGATE_ROUTE_RULES : HTTP_ROUTE_RULES)]),
  layer4Routes,
];
