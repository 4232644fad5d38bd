/*
 * Rules for ports of ServiceEntries, WorkloadEntries and Sidecars.
 */
import type { Node } from '../../manifests/node';
import { parseProtocol } from '../../model/port-protocol';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { scalarText } from '../../syntax/scalar-text';
import { NOTHING, type Refusal, refuse, refuseFor, textOf } from './refusal';

/** The name of a port (`ValidatePortName`), at a node that stands for it. */
export function portName(node: Node, name: unknown = node.value): readonly Refusal[] {
  const complaint = typeof name === 'string' ? complaintAboutDnsLabel(name.toLowerCase()) : undefined;
  return complaint === undefined
    ? NOTHING
    : refuseFor(node, `The name '${scalarText(name)}' of a port`, complaint, 'Write a shorter one.');
}

/** `ValidateProtocol`: none is looked for in the bytes. */
export function protocol(node: Node): readonly Refusal[] {
  const word = textOf(node);
  return word === undefined || parseProtocol(word) !== undefined
    ? NOTHING
    : refuse(node, `Istio knows no protocol '${word}'`, 'Write HTTP, HTTPS, HTTP2, GRPC, TCP or TLS.');
}
