/*
 * Rules for a VirtualService as a whole, and for its tls and tcp routes.
 */
import { isIP } from 'node:net';
import { hostsOverlap, isSubsetOf } from '../../mesh/hosts';
import { MESH_GATEWAY } from '../../mesh/naming';
import type { Node } from '../../mesh/node';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { complaintAboutHost, hostOrAddress } from './host-rules';
import { destinations, httpRoute } from './http-route-rules';
import { isClaim, labelOfPods } from './match-rules';
import { applyToEach, NOTHING, port, type Refusal, type Rule, refuse, textOf, warn } from './refusal';

function noRoutes(spec: Node): readonly Refusal[] {
  return ['http', 'tls', 'tcp'].some((kind) => spec.get(kind).items().length > 0)
    ? NOTHING
    : refuse(spec, 'A VirtualService needs http, tls or tcp routes', 'Add http with at least one route.');
}

function delegate(spec: Node): readonly Refusal[] {
  if (spec.get('hosts').items().length > 0) {
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
  return spec
    .get('hosts')
    .items()
    .flatMap((node) =>
      node.value === '*' && isForMesh(spec)
        ? refuse(
            node,
            "The host '*' is for gateways only, and this VirtualService is for the mesh too",
            'Name a gateway in spec.gateways and not mesh, or write the hosts one by one.',
          )
        : hostOrAddress(node),
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
    return other === undefined
      ? NOTHING
      : refuse(node, `The hosts ${other} and ${text} of one VirtualService overlap`, 'Keep the wider of the two.');
  });
}

/** After the first name without a namespace, Istio looks at no other. */
function gateways(spec: Node): readonly Refusal[] {
  const names = spec.get('gateways').items();
  const last = names.findIndex(({ value }) => typeof value === 'string' && !value.includes('/'));
  return names.slice(0, last < 0 ? undefined : last + 1).flatMap(gatewayName);
}

function gatewayName(node: Node): readonly Refusal[] {
  const name = typeof node.value === 'string' ? node.value : undefined;
  if (name === undefined) {
    return NOTHING;
  }
  const [namespace, ...rest] = name.split('/');
  if (rest.length === 0 && name !== '' && complaintAboutHost(name) === undefined) {
    return name.includes('.')
      ? warn(node, `'${name}' is the old way to name a gateway`, `Write ${name.split('.')[1]}/${name.split('.')[0]}.`)
      : NOTHING;
  }
  const isName = (part: string) => complaintAboutDnsLabel(part.toLowerCase()) === undefined;
  return rest.length > 0 && isName(namespace) && isName(rest.join('/'))
    ? NOTHING
    : refuse(node, `'${name}' is not the name of a gateway`, "Write 'namespace/name', or the name alone.");
}

/** A sidecar does not read tokens where it routes. */
function claimsInMesh(spec: Node): readonly Refusal[] {
  return (isForMesh(spec) ? spec.get('http').items() : [])
    .flatMap((route) => route.get('match').items())
    .flatMap((match) => ['headers', 'withoutHeaders'].flatMap((field) => match.get(field).entries()))
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

function tlsRoute(hostNames: readonly string[]): Rule {
  return (route) => [
    ...route
      .get('match')
      .items()
      .flatMap((match) => sniHosts(match, hostNames)),
    ...needsRoute(route),
  ];
}

function sniHosts(match: Node, hostNames: readonly string[]): readonly Refusal[] {
  const list = match.get('sniHosts');
  const names = list.items();
  if (list.present && names.length === 0) {
    return refuse(list, 'The match of a tls route needs sniHosts', 'Add the names that clients ask for.');
  }
  return names.flatMap((node) => {
    const name = textOf(node);
    if (name === undefined) {
      return NOTHING;
    }
    if (isIP(name) !== 0) {
      return warn(node, `${name} is an IP address, which no client sends as SNI`, 'Write a DNS name.');
    }
    return hostNames.some((other) => isSubsetOf(name, other))
      ? NOTHING
      : refuse(
          node,
          `${name} is none of the hosts of the VirtualService`,
          'Add it to spec.hosts, or match one of those.',
        );
  });
}

/** The port, the source and the addresses of the matches of a tls or tcp route. */
function l4Matches(route: Node): readonly Refusal[] {
  return route
    .get('match')
    .items()
    .flatMap((match) => [
      ...(match.get('port').value === 0 ? NOTHING : port(match.get('port'))),
      ...match.get('sourceLabels').entries().flatMap(labelOfPods),
      ...match.get('destinationSubnets').items().flatMap(subnet),
    ]);
}

function subnet(node: Node): readonly Refusal[] {
  const { value } = node;
  const [address, length = '0', ...rest] = typeof value === 'string' ? value.split('/') : ['0.0.0.0'];
  const most = isIP(address) === 4 ? 32 : 128;
  return isIP(address) !== 0 && rest.length === 0 && /^\d+$/.test(length) && Number(length) <= most
    ? NOTHING
    : refuse(
        node,
        `'${String(value)}' is no range of addresses`,
        'Write an IP address, or a range such as 10.0.0.0/8.',
      );
}

function needsRoute(route: Node): readonly Refusal[] {
  return route.get('route').items().length === 0
    ? refuse(route, 'A tls or tcp route needs a destination', "Write 'route: [{destination: {host: …}}]'.")
    : NOTHING;
}

function routes(spec: Node): readonly Refusal[] {
  const hostNames = spec
    .get('hosts')
    .items()
    .map((node) => textOf(node) ?? '');
  return [
    ...applyToEach(spec.get('http'), [httpRoute]),
    ...applyToEach(spec.get('tls'), [tlsRoute(hostNames), l4Matches, destinations]),
    ...applyToEach(spec.get('tcp'), [needsRoute, l4Matches, destinations]),
  ];
}

export const VIRTUAL_SERVICE_RULES: readonly Rule[] = [
  noRoutes,
  delegate,
  hosts,
  duplicateHosts,
  gateways,
  claimsInMesh,
  routes,
];
