/*
 * Rules for the tls and tcp routes of a VirtualService (`validateTLSRoute`, `validateTCPRoute`).
 */
import { isIP } from 'node:net';
import type { Node } from '../../manifests/node';
import { MESH_GATEWAY } from '../../model/naming';
import { isSubsetOf } from '../../syntax/hosts';
import { addressOrRange } from './address-rules';
import { gatewayNames } from './gateway-name-rules';
import { complaintAboutHost, isSniOfRouters } from './host-rules';
import { labelsOfPods } from './label-rules';
import { applyToEach, errorsOnly, NOTHING, type Refusal, type Rule, refuse, routePort, textOf, warn } from './refusal';
import { destinations } from './route-destination-rules';

export function layer4Routes(spec: Node): readonly Refusal[] {
  const hostNames = spec
    .get('hosts')
    .items()
    .map((node) => textOf(node) ?? '');
  const forMesh = spec
    .get('gateways')
    .items()
    .some(({ value }) => value === MESH_GATEWAY);
  return [
    ...applyToEach(spec.get('tls'), [needsMatch, tlsMatches(hostNames, forMesh), needsRoute, destinations]),
    ...applyToEach(spec.get('tcp'), [tcpMatches, needsRoute, destinations]),
  ];
}

function needsMatch(route: Node): readonly Refusal[] {
  const list = route.get('match');
  return list.present && list.items().length === 0
    ? refuse(list, 'A tls route needs a match', "Write 'match: [{sniHosts: [apis.example.com]}]'.")
    : NOTHING;
}

function needsRoute(route: Node): readonly Refusal[] {
  return route.get('route').items().length === 0
    ? refuse(route, 'A tls or tcp route needs a destination', "Write 'route: [{destination: {host: …}}]'.")
    : NOTHING;
}

function tlsMatches(hostNames: readonly string[], forMesh: boolean): Rule {
  return (route) =>
    applyToEach(route.get('match'), [
      (match) => sniHosts(match, hostNames, forMesh),
      connection,
      (match) => gatewayNames(match.get('gateways')),
    ]);
}

/** Of names of gateways in the old form, Istio says nothing here. */
function tcpMatches(route: Node): readonly Refusal[] {
  return applyToEach(route.get('match'), [connection, (match) => errorsOnly(gatewayNames(match.get('gateways')))]);
}

function sniHosts(match: Node, hostNames: readonly string[], forMesh: boolean): readonly Refusal[] {
  const list = match.get('sniHosts');
  const names = list.items();
  return list.present && names.length === 0
    ? refuse(list, 'The match of a tls route needs sniHosts', 'Add the names that clients ask for.')
    : names.flatMap((node) => sniHost(node, hostNames, forMesh));
}

/** `validateSniHost`. */
function sniHost(node: Node, hostNames: readonly string[], forMesh: boolean): readonly Refusal[] {
  const { value: name } = node;
  if (typeof name !== 'string') {
    return NOTHING;
  }
  if (isIP(name) !== 0) {
    return warn(node, `${name} is an IP address, which no client sends as SNI`, 'Write a DNS name.');
  }
  const complaint = !forMesh && isSniOfRouters(name) ? undefined : complaintAboutHost(name);
  if (complaint !== undefined) {
    return refuse(node, `The name '${name}' ${complaint}`, 'Write a DNS name, or *.example.com.');
  }
  return hostNames.some((other) => isSubsetOf(name, other))
    ? NOTHING
    : refuse(
        node,
        `${name} is none of the hosts of the VirtualService`,
        'Add it to spec.hosts, or match one of those.',
      );
}

/** The port, the source and the addresses of a match. */
function connection(match: Node): readonly Refusal[] {
  return [
    ...routePort(match.get('port')),
    ...labelsOfPods(match.get('sourceLabels')),
    ...match.get('destinationSubnets').items().flatMap(addressOrRange),
  ];
}
