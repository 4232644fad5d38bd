/*
 * Reads the `expect` of a test case. A field that nobody knows is an error: a misspelt expectation would be met by anything.
 */

import { RouteOutcome } from '../envoy/outcome';
import { MeshInputError } from '../manifests/input-error';
import type { Node } from '../manifests/node';
import { listOf, suggestion } from '../syntax/wording';
import type { Expectation, ExpectedRequest } from './expectation';
import { onlyKnown } from './only-known';

const FIELDS: readonly (keyof Expectation)[] = [
  'version',
  'split',
  'subset',
  'service',
  'port',
  'workload',
  'forwarded',
  'outcome',
  'status',
  'grpcStatus',
  'redirect',
  'body',
  'mirrors',
];

export function readExpectation(node: Node, file: string): Expectation {
  onlyKnown(node, FIELDS, file);
  if (!node.entries().some(([, value]) => value.present)) {
    throw new MeshInputError(
      `${file} cannot be used: ${node.path} is empty, so any decision would pass; write what is expected, as in { version: v2 }`,
    );
  }
  return {
    version: node.get('version').string(),
    split: readSplit(node.get('split'), file),
    subset: node.get('subset').string(),
    service: node.get('service').string(),
    port: node.get('port').number(),
    workload: node.get('workload').string(),
    forwarded: readForwarded(node.get('forwarded'), file),
    outcome: readOutcome(node.get('outcome'), file),
    status: node.get('status').number(),
    grpcStatus: node.get('grpcStatus').string(),
    redirect: node.get('redirect').string(),
    body: node.get('body').string(),
    mirrors: node.get('mirrors').present ? node.get('mirrors').strings() : undefined,
  };
}

function readSplit(node: Node, file: string): ReadonlyMap<string, number> | undefined {
  if (!node.present) {
    return undefined;
  }
  const shares = new Map(node.entries().map(([version, share]) => [version, share.number() ?? 0] as const));
  const sum = [...shares.values()].reduce((all, share) => all + share, 0);
  if (Math.abs(sum - 100) > Math.max(1, shares.size / 2)) {
    throw new MeshInputError(
      `${file} cannot be used: the shares of ${node.path} sum to ${sum}, and every request goes somewhere; write percentages that sum to 100, as in { v1: 90, v2: 10 }`,
    );
  }
  return shares;
}

function readForwarded(node: Node, file: string): ExpectedRequest | undefined {
  if (!node.present) {
    return undefined;
  }
  onlyKnown(node, ['method', 'authority', 'path', 'httpVersion', 'headers'], file);
  if (!node.entries().some(([, value]) => value.present)) {
    throw new MeshInputError(
      `${file} cannot be used: ${node.path} is empty, so any request would pass; write what is to arrive, as in { path: /v2/users }`,
    );
  }
  const headers = node.get('headers').entries();
  return {
    method: node.get('method').string(),
    authority: node.get('authority').string(),
    path: node.get('path').string(),
    httpVersion: node.get('httpVersion').text(),
    headers: new Map(headers.map(([name, value]) => [name.toLowerCase(), value.string() ?? null])),
  };
}

function readOutcome(node: Node, file: string): RouteOutcome | undefined {
  const word = node.string();
  const known = Object.values(RouteOutcome);
  const outcome = known.find((each) => each === word);
  if (word !== undefined && outcome === undefined) {
    const help = suggestion(word, known) || `; it is ${listOf(known, 'or', known.length)}`;
    throw new MeshInputError(`${file} cannot be used: ${node.path} cannot be ${JSON.stringify(word)}${help}`);
  }
  return outcome;
}
