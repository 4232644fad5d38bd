/*
 * Rules for extensions of Envoy, WasmPlugin and TrafficExtension; and for Telemetry and ProxyConfig.
 */
import type { Node } from '../../manifests/node';
import { parseRequestUrl, parseUrl } from '../../syntax/url';
import { lacks, textOf } from './conditions';
import { selectorOfPods } from './label-rules';
import { policyTarget } from './policy-target-rules';
import { all, at, entries, NOTHING, type Refusal, type Rule, refuse, refuseIf, warn, warnIf } from './refusal';

const SCHEMES = ['', 'file', 'http', 'https', 'oci'];

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
    : refuse(node, `Istio cannot fetch a plugin by '${url.scheme}'`, 'Write an oci, https, http or file URL.');
}

// biome-ignore format: a table
const WASM: Rule = all(
  at('url', moduleUrl),
  at('vmConfig.env[]', refuseIf(
    (variable) => variable.get('valueFrom').value === 'HOST' && textOf(variable.get('value')) !== undefined,
    "A variable with 'valueFrom: HOST' cannot have a value", "Take out value, or 'valueFrom: HOST'.")),
);

/** `ValidateWasmPlugin`. */
export const WASM_PLUGIN: Rule = all(policyTarget, WASM);

/** `ValidateTrafficExtension`. The schema says where both are there. */
export const TRAFFIC_EXTENSION: Rule = all(
  policyTarget,
  refuseIf(lacks('wasm', 'lua'), 'A TrafficExtension needs wasm or lua', "Write 'lua: {inlineCode: …}'."),
  at('wasm', WASM),
);

/** `ValidateProxyConfig`. */
export const PROXY_CONFIG: Rule = at('selector', selectorOfPods);

const several = (node: Node) => node.items().length > 1;

const tagOverride = entries((name, node) => [
  ...(name === '' ? warn(node, 'A tag override needs the name of a tag', "Write 'tagOverrides: {name: …}'.") : NOTHING),
  ...VALUE_OF_TAG(node),
]);

const removes = (node: Node) => node.get('operation').value === 'REMOVE';
const hasValue = (node: Node) => textOf(node.get('value')) !== undefined;

// biome-ignore format: a table
const VALUE_OF_TAG: Rule = all(
  refuseIf((node) => removes(node) && hasValue(node), "A tag with 'operation: REMOVE' cannot have a value", 'Take value out.'),
  refuseIf((node) => !removes(node) && !hasValue(node),
    'A tag needs its value', "Write 'value: …', or 'operation: REMOVE'."),
);

/** `ValidateTelemetry`, but for expressions of CEL. */
// biome-ignore format: a table
export const TELEMETRY: Rule = all(
  policyTarget,
  at('tracing', warnIf(several, 'Istio uses only the first of several tracing items', 'Keep one.')),
  at('tracing[]',
    at('providers', warnIf(several, 'Istio uses only the first of several tracing providers', 'Keep one.')),
    at('customTags', entries((name, tag) =>
      name === '' ? refuse(tag, 'A tag needs a name', "Write 'customTags: {name: …}'.") : NOTHING,
    )),
  ),
  at('metrics[].overrides[].tagOverrides', tagOverride),
);
