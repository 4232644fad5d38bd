/*
 * Rules for the hosts that a Sidecar lets its pods reach (`ValidateNamespaceSlashWildcardHostname`).
 */

import type { Node } from '../../manifests/node';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { scalarText } from '../../syntax/scalar-text';
import { emptyList } from './conditions';
import { complaintAboutHost } from './host-rules';
import { all, at, NOTHING, type Refusal, type Rule, refuse, refuseIf, warn } from './refusal';

/** @param namespace of the Sidecar, which '.' stands for */
export function egressHosts(namespace: string): Rule {
  // biome-ignore format: a table
  return all(
    at('hosts',
      refuseIf(emptyList,
        'An egress listener needs at least one host', "Write './*' for all of the namespace, '*/*' for all."),
      (list) => repeatedHosts(list.items(), namespace),
    ),
    at('hosts[]', egressHost),
  );
}

function egressHost(node: Node): readonly Refusal[] {
  const { value: text } = node;
  if (typeof text !== 'string') {
    return NOTHING;
  }
  const [namespace, ...rest] = text.split('/');
  const name = rest.join('/');
  const place = namespace.replace(/^~/, '');
  const isPlace = ['*', '.'].includes(place) || complaintAboutDnsLabel(place.toLowerCase()) === undefined;
  if (rest.length === 0 || namespace === '' || name === '' || !(isPlace || namespace === '~')) {
    return refuse(node, `'${text}' is not namespace/host`, "Write './*', 'shop/*' or '*/apis.example.com'.");
  }
  const complaint = complaintAboutEgressHost(name);
  return complaint === undefined
    ? NOTHING
    : refuse(node, `The host '${name}' ${complaint}`, "Write a whole DNS name, '*.example.com' or '*'.");
}

function complaintAboutEgressHost(name: string): string | undefined {
  if (name === '*') {
    return undefined;
  }
  if (!name.includes('.')) {
    return 'is a short name';
  }
  return /^\*[^.]/.test(name) ? "has a '*' that is only a part of its first label" : complaintAboutHost(name);
}

/** Hosts that an earlier host already covers, which Istio warns of. */
function repeatedHosts(hosts: readonly Node[], namespace: string): readonly Refusal[] {
  const known = new Map<string, Set<string>>();
  const found = hosts.flatMap((node): readonly Refusal[] => {
    const [, first, name] = /^([^/]*)\/(.*)$/s.exec(scalarText(node.value)) ?? [];
    if (first === undefined || first.startsWith('~')) {
      return NOTHING;
    }
    const place = first === '.' ? namespace : first;
    const names = known.get(place) ?? new Set();
    const again = name === '*' ? names.size > 0 : names.has(name) || names.has('*');
    known.set(place, names.add(name));
    return again
      ? warn(node, `Another host already covers '${scalarText(node.value)}'`, 'Keep the wider of the two.')
      : NOTHING;
  });
  const every = hosts.find(({ value }) => value === '*/*');
  return every !== undefined && known.size > 1
    ? [
        ...found,
        ...warn(
          every,
          "'*/*' means all hosts of all namespaces, so the hosts beside it have no effect",
          "Keep '*/*' alone.",
        ),
      ]
    : found;
}
