/*
 * A difference, for people.
 */
import { stringify } from 'yaml';
import { requestText } from './client';
import { describe } from './compare';
import type { Difference } from './differences';

export function report({ mesh, ask, decision, seen, complaint }: Difference): string {
  return [
    `--- simulator and Envoy differ: ${complaint}`,
    mesh.manifests.map((manifest) => stringify(manifest)).join('---\n'),
    `at ${JSON.stringify(mesh.proxy)}, ${ask.scheme}, port ${ask.port}:`,
    requestText(ask).trimEnd(),
    '',
    `Envoy:     ${describe(seen)}`,
    `Simulator: ${decision.explain()}`,
  ].join('\n');
}
