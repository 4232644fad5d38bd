import { MeshInputError } from '../manifests/input-error';
import type { Node } from '../manifests/node';
import { suggestion } from '../syntax/wording';

/** Throws on a field that nobody would read: a misspelt expectation would be met by anything. */
export function onlyKnown(node: Node, known: readonly string[], file: string): void {
  const unknown = node.entries().find(([key]) => !known.includes(key));
  if (unknown !== undefined) {
    const [key, { path }] = unknown;
    const help = suggestion(key, known) || `; the fields here are ${known.join(', ')}`;
    throw new MeshInputError(`${file} cannot be used: there is no field ${path}${help}`);
  }
}
