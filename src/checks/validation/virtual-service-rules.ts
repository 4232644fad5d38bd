/*
 * Rules for a VirtualService as a whole (`ValidateVirtualService`).
 */
import type { Node } from '../../manifests/node';
import { MESH_GATEWAY } from '../../model/naming';
import { isClaim } from '../../predicate/match/claim';
import { hostsOverlap } from '../../syntax/hosts';
import { lacks, not, saysNone, textOf } from './conditions';
import { gatewayNames } from './gateway-name-rules';
import { hostOrAddress, isSniOfRouters } from './host-rules';
import { DELEGATE_ROUTE, HTTP_ROUTE } from './http-route-rules';
import { layer4Routes } from './layer-4-route-rules';
import { all, at, entries, NOTHING, type Refusal, type Rule, refuse, refuseIf, when } from './refusal';

const isDelegate = saysNone('hosts');

function delegate(spec: Node): readonly Refusal[] {
  const extra = ['gateways', 'tls', 'tcp'].find((name) => spec.get(name).items().length > 0);
  return extra === undefined || !isDelegate(spec)
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
  const [forMesh, bySni] = [isForMesh(spec), readsSni(spec)];
  const ofHost: Rule = (node) => {
    if (node.value === '*' && forMesh) {
      return refuse(
        node,
        "The host '*' is for gateways only, and this VirtualService is for the mesh too",
        'Name a gateway in spec.gateways and not mesh, or write the hosts one by one.',
      );
    }
    return !forMesh && bySni && isSniOfRouters(textOf(node) ?? '') ? NOTHING : hostOrAddress(node);
  };
  return spec.get('hosts').items().flatMap(ofHost);
}

/** Whether a tls route looks at names. */
function readsSni(spec: Node): boolean {
  const matches = spec
    .get('tls')
    .items()
    .flatMap((route) => route.get('match').items());
  return matches.some((match) => match.get('sniHosts').items().length > 0);
}

function duplicateHosts(list: Node): readonly Refusal[] {
  const exact = new Set<string>();
  const wildcards: string[] = [];
  return list.items().flatMap((node) => {
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
const claimInMesh = entries((name, node) =>
  isClaim(name)
    ? refuse(
        node,
        'A claim of a token can be matched at gateways only, and this VirtualService is for the mesh too',
        'Name a gateway in spec.gateways and not mesh.',
      )
    : NOTHING,
);

const CLAIMS_IN_MESH = at('http[].match[]', at('headers', claimInMesh), at('withoutHeaders', claimInMesh));

// biome-ignore format: a table
export const VIRTUAL_SERVICE: Rule = all(
  refuseIf(saysNone('http', 'tls', 'tcp'),
    'A VirtualService needs http, tls or tcp routes', 'Add http with at least one route.'),
  delegate,
  hosts,
  at('hosts', duplicateHosts),
  at('gateways', gatewayNames),
  when(isForMesh, CLAIMS_IN_MESH),
  when(isDelegate, at('http[]', DELEGATE_ROUTE)),
  when(not(isDelegate), at('http[]', HTTP_ROUTE)),
  when(not(lacks('tls', 'tcp')), layer4Routes),
);
