/*
 * The format of this library: a request as one would give it to `mesh.route`, and what is expected of the decision.
 *
 *   tests:
 *     - name: Chrome gets v2
 *       request: { url: http://apis.example.com/, headers: { user-agent: Chrome/140 } }
 *       expect: { version: v2 }
 *
 * Beside `tests`, `assumeGateways: true` takes Gateways that are elsewhere for there. There or in a case, `allowRefused: true` passes
 * on a decision that rests on a refused object.
 */

import { RouteOutcome } from '../envoy/outcome';
import type { RouteRequest } from '../envoy/request';
import { MeshInputError } from '../manifests/input-error';
import type { Node } from '../manifests/node';
import { complaintsAbout } from './complaints';
import { onlyKnown } from './only-known';
import { readExpectation } from './read-expectation';
import type { CaseFile, RoutingCase } from './routing-case';

export function readRouteCases(root: Node, file: string): CaseFile {
  onlyKnown(root, ['tests', 'allowRefused', 'assumeGateways'], file);
  const allowed = root.get('allowRefused').boolean();
  const assumes = root.get('assumeGateways').boolean() === true;
  const cases = root
    .get('tests')
    .maps()
    .map((node) => readCase(node, file, allowed));
  return { file, cases, prepare: (mesh) => (assumes ? mesh._withAssumedGateways() : mesh) };
}

function readCase(node: Node, file: string, allowed: boolean | undefined): RoutingCase {
  onlyKnown(node, ['name', 'request', 'expect', 'allowRefused'], file);
  const request = readRequest(node.get('request'), file);
  const expectation = readExpectation(node.get('expect'), file);
  return {
    name: node.get('name').text() ?? `${request.method ?? 'GET'} ${request.url}`,
    requests: () => [request],
    allowRefused: node.get('allowRefused').boolean() ?? allowed,
    allowUndecided: expectation.outcome === RouteOutcome.UNDECIDED,
    complaints: (decision) => complaintsAbout(decision, expectation),
  };
}

function readRequest(node: Node, file: string): RouteRequest {
  onlyKnown(node, ['url', 'method', 'headers', 'httpVersion', 'from', 'gatewayLabels', 'gatewayNamespace'], file);
  const url = node.get('url').text();
  if (url === undefined) {
    throw new MeshInputError(
      `${file} cannot be used: ${node.path} has no url; write one like http://apis.example.com/`,
    );
  }
  const labels = node.get('gatewayLabels');
  return {
    url,
    method: node.get('method').text(),
    headerLines: readHeaderLines(node.get('headers'), file),
    httpVersion: node.get('httpVersion').text(),
    from: node.get('from').text(),
    gatewayLabels: labels.present ? Object.fromEntries(labels.stringMap()) : undefined,
    gatewayNamespace: node.get('gatewayNamespace').text(),
  };
}

/** A header that is sent several times has a list of values. */
function readHeaderLines(node: Node, file: string): string[] {
  return node.entries().flatMap(([name, value]) => {
    if (!value.present) {
      throw new MeshInputError(
        `${file} cannot be used: ${value.path} has no value, so the header would not be sent; write '' for an empty one, or leave it out`,
      );
    }
    const values = Array.isArray(value.value) ? value.strings() : [value.string()];
    return values.flatMap((text) => (text === undefined ? [] : [`${name}: ${text}`]));
  });
}
