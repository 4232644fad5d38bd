/*
 * Rules for ports of ServiceEntries, WorkloadEntries and Sidecars.
 */

import type { Node } from '../../manifests/node';
import { parseProtocol } from '../../model/port-protocol';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { scalarText } from '../../syntax/scalar-text';
import { text } from './conditions';
import { NOTHING, type Refusal, refuseFor, refuseIf } from './refusal';

/** The name of a port (`ValidatePortName`), at a node that stands for it. */
export function portName(node: Node, name: unknown = node.value): readonly Refusal[] {
  const complaint = typeof name === 'string' ? complaintAboutDnsLabel(name.toLowerCase()) : undefined;
  return complaint === undefined
    ? NOTHING
    : refuseFor(node, `The name '${scalarText(name)}' of a port`, complaint, 'Write a shorter one.');
}

/** `ValidateProtocol`: an empty one means that Envoy detects it. */
// biome-ignore format: a table
export const protocol = refuseIf(text((word) => parseProtocol(word) === undefined),
  "Istio does not know the protocol '{}'", 'Write HTTP, HTTPS, HTTP2, GRPC, TCP or TLS.');
