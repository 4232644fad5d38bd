/*
 * Rules for extensions of Envoy, WasmPlugin and TrafficExtension; and for Telemetry and ProxyConfig.
 */
import type { Node } from '../../manifests/node';
import { parseRequestUrl, parseUrl } from '../../syntax/url';
import { selectorOfPods } from './label-rules';
import { policyTarget } from './policy-target-rules';
import { applyToEach, has, NOTHING, type Refusal, type Rule, refuse, textOf, warn, written } from './refusal';

/** `ValidateWasmPlugin`. */
export const WASM_PLUGIN_RULES: readonly Rule[] = [policyTarget, wasm];

/** `ValidateTrafficExtension`. That both are there, the schema says. */
export const TRAFFIC_EXTENSION_RULES: readonly Rule[] = [
  policyTarget,
  (spec) =>
    written(spec, 'wasm', 'lua').length === 0
      ? refuse(spec, 'A TrafficExtension needs wasm or lua', "Write 'lua: {inlineCode: …}'.")
      : NOTHING,
  (spec) => (has(spec, 'wasm') ? wasm(spec.get('wasm')) : NOTHING),
];

const SCHEMES = ['', 'file', 'http', 'https', 'oci'];

function wasm(node: Node): readonly Refusal[] {
  return [...moduleUrl(node.get('url')), ...applyToEach(node.get('vmConfig').get('env'), [variable])];
}

/** `validateWasmPluginURL`: what is no URL by itself may be one with `http://` in front. */
function moduleUrl(node: Node): readonly Refusal[] {
  const text = textOf(node);
  if (text === undefined) {
    return NOTHING;
  }
  const whole = parseRequestUrl(text) === undefined ? `http://${text}` : text;
  const url = parseUrl(whole);
  if (url === undefined || parseRequestUrl(whole) === undefined) {
    return refuse(node, `'${text}' is not a URL`, "Write something like 'oci://registry.example.com/plugin:1.0'.");
  }
  return SCHEMES.includes(url.scheme)
    ? NOTHING
    : refuse(node, `Istio fetches nothing by '${url.scheme}'`, 'Write a URL of oci, https, http or file.');
}

function variable(node: Node): readonly Refusal[] {
  return node.get('valueFrom').value === 'HOST' && textOf(node.get('value')) !== undefined
    ? refuse(node, 'A variable from the host has no value of its own', "Take out value, or 'valueFrom: HOST'.")
    : NOTHING;
}

/** `ValidateProxyConfig`. */
export const PROXY_CONFIG_RULES: readonly Rule[] = [(spec) => selectorOfPods(spec.get('selector'))];

/** `ValidateTelemetry`, but for expressions of CEL. */
export const TELEMETRY_RULES: readonly Rule[] = [
  policyTarget,
  (spec) => several(spec.get('tracing'), 'Istio does only the first of several items of tracing'),
  (spec) => applyToEach(spec.get('tracing'), [tracing]),
  (spec) =>
    spec
      .get('metrics')
      .items()
      .flatMap((metrics) => metrics.get('overrides').items())
      .flatMap((override) => override.get('tagOverrides').entries())
      .flatMap(tagOverride),
];

function several(list: Node, message: string): readonly Refusal[] {
  return list.items().length > 1 ? warn(list, message, 'Keep one.') : NOTHING;
}

function tracing(node: Node): readonly Refusal[] {
  return [
    ...several(node.get('providers'), 'Istio traces by only the first of several providers'),
    ...node
      .get('customTags')
      .entries()
      .flatMap(([name, tag]) =>
        name === '' ? refuse(tag, 'A tag needs a name', "Write 'customTags: {name: …}'.") : NOTHING,
      ),
  ];
}

function tagOverride([name, node]: readonly [string, Node]): readonly Refusal[] {
  const hasValue = textOf(node.get('value')) !== undefined;
  const removes = node.get('operation').value === 'REMOVE';
  return [
    ...(name === ''
      ? warn(node, 'An override of tags needs the name of a tag', "Write 'tagOverrides: {name: …}'.")
      : NOTHING),
    ...(hasValue === removes
      ? refuse(
          node,
          removes ? 'A tag that is removed has no value' : 'A tag needs its value',
          removes ? 'Take value out.' : "Write 'value: …', or 'operation: REMOVE'.",
        )
      : NOTHING),
  ];
}
