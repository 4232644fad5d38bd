/*
 * The test cases of istio-config-validator (https://github.com/getyourguide/istio-config-validator), as they are. A case asks
 * which rule answers a request, and whether the rule says what the case says: `route`, `redirect`, `rewrite`, `fault`,
 * `headers` and `delegate` are compared with the rule as it is written. Which rule it is, the mesh decides.
 */
import { inspect } from 'node:util';
import type { RouteDecision } from '../envoy/decision';
import type { RouteRequest } from '../envoy/request';
import { MeshInputError } from '../manifests/input-error';
import type { Node } from '../manifests/node';
import type { Mesh } from '../mesh';
import { doorTo } from './door';
import { onlyKnown } from './only-known';
import type { CaseFile, RoutingCase } from './routing-case';
import { sameMessage } from './same-message';
import { withStandIns } from './stand-ins';

const COMPARED = ['route', 'redirect', 'rewrite', 'fault', 'headers'];

/** More than that in one case is a mistake; the product of three lists grows fast. */
const MAX_REQUESTS = 10_000;

export function readIstioConfigValidatorCases(root: Node, file: string): CaseFile {
  const list = root.get('testCases').present ? root.get('testCases') : root.get('TestCases');
  const nodes = list.maps();
  const delegates = nodes.flatMap((node) => node.get('delegate').get('name').text() ?? []);
  return {
    file,
    cases: nodes.map((node) => readCase(node, file)),
    prepare: (mesh) => withStandIns(mesh, new Set(delegates)),
  };
}

interface Template {
  readonly authority: string;
  readonly method: string;
  readonly uri: string;
}

function readCase(node: Node, file: string): RoutingCase {
  onlyKnown(node, ['description', 'wantMatch', 'request', 'delegate', ...COMPARED], file);
  if (![...COMPARED, 'delegate'].some((field) => node.get(field).present)) {
    throw new MeshInputError(
      `${file} cannot be used: ${node.path} compares nothing, so it says nothing about the routes; give it a route, redirect, rewrite, fault, headers or delegate`,
    );
  }
  const templates = readTemplates(node.get('request'), file);
  const headerLines = node
    .get('request')
    .get('headers')
    .entries()
    .map(([name, value]) => `${name}: ${value.string() ?? ''}`);
  // Left out it is false, as in the tool whose format this is.
  const wanted = node.get('wantMatch').boolean() ?? false;
  return {
    name: node.get('description').text() ?? node.path,
    requests: (mesh) => templates.map((template) => requestOf(template, headerLines, mesh)),
    complaints: (decision, mesh) => complaintsAbout(decision, node, wanted, mesh),
  };
}

function readTemplates(node: Node, file: string): readonly Template[] {
  onlyKnown(node, ['authority', 'method', 'uri', 'headers'], file);
  const [authorities, methods, uris] = ['authority', 'method', 'uri'].map((key) => node.get(key).strings());
  const number = authorities.length * methods.length * uris.length;
  if (number === 0 || number > MAX_REQUESTS) {
    const fault = number === 0 ? 'no request' : `${number} requests`;
    throw new MeshInputError(
      `${file} cannot be used: ${node.path} makes ${fault}; it needs authority, method and uri, each a list, and at most ${MAX_REQUESTS} requests are made of them`,
    );
  }
  return uris.flatMap((uri) =>
    authorities.flatMap((authority) => methods.map((method) => ({ authority, method, uri }))),
  );
}

function requestOf({ authority, method, uri }: Template, headerLines: readonly string[], mesh: Mesh): RouteRequest {
  const { origin, ...door } = doorTo(authority, mesh._model);
  const path = uri.replace(/^https?:\/\/[^/?#]*/i, '');
  return { ...door, url: `${origin}${path.startsWith('/') ? '' : '/'}${path}`, method, headerLines: [...headerLines] };
}

function complaintsAbout(decision: RouteDecision, expected: Node, wanted: boolean, mesh: Mesh): readonly string[] {
  const differences = COMPARED.filter((field) => expected.get(field).present).flatMap((field) => {
    const actual = ruleOf(decision, mesh)?.get(field).value;
    return sameMessage(expected.get(field).value, actual)
      ? []
      : [`expected ${field} ${shown(expected.get(field).value)}, ${instead(decision, actual)}`];
  });
  const delegate = expected.get('delegate');
  if (delegate.present && !isDelegate(decision, delegate)) {
    differences.push(`expected delegate ${shown(delegate.value)}, and ${answerOf(decision)}`);
  }
  if (wanted) {
    return differences;
  }
  return differences.length > 0
    ? []
    : [
        `wantMatch is ${expected.get('wantMatch').present ? 'false' : 'left out, which is false'}, and it does match: ${answerOf(decision)}`,
      ];
}

/** The rule as it is written: in the VirtualService, or in the one to which this delegates. */
function ruleOf({ ruleObject, ruleIndex }: RouteDecision, mesh: Mesh): Node | undefined {
  const found = mesh._model.virtualServices.find(
    ({ object }) => object.namespace === ruleObject?.namespace && object.name === ruleObject.name,
  );
  return ruleIndex === undefined ? undefined : found?.object.node.get('spec').get('http').items()[ruleIndex];
}

function isDelegate({ ruleObject, virtualService }: RouteDecision, expected: Node): boolean {
  const namespace = expected.get('namespace').text() ?? virtualService?.namespace;
  const delegates = ruleObject?.name !== virtualService?.name || ruleObject?.namespace !== virtualService?.namespace;
  return delegates && ruleObject?.name === expected.get('name').text() && ruleObject?.namespace === namespace;
}

function instead(decision: RouteDecision, actual: unknown): string {
  const has = decision.ruleObject === undefined ? '' : `, which has ${shown(actual)}`;
  return `and ${answerOf(decision)}${has}`;
}

function answerOf({ ruleObject, ruleIndex, outcome }: RouteDecision): string {
  return ruleObject === undefined || ruleIndex === undefined
    ? `no rule answers (${outcome})`
    : `the answer is rule ${ruleIndex + 1} of ${ruleObject.namespace}/${ruleObject.name}`;
}

/** Survives what YAML aliases can make: things that contain themselves. */
function shown(value: unknown): string {
  return value === undefined
    ? 'none'
    : inspect(value, { depth: 8, compact: true, breakLength: Number.POSITIVE_INFINITY });
}
