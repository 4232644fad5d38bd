/*
 * All refusals of a mesh.
 */

import type { MeshObject } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import { PEER_AUTHENTICATION, REQUEST_AUTHENTICATION } from './authentication-rules';
import { AUTHORIZATION_POLICY } from './authorization-policy-rules';
import { destinationRule } from './destination-rule-rules';
import { exportTo } from './export-to-rules';
import { PROXY_CONFIG, TELEMETRY, TRAFFIC_EXTENSION, WASM_PLUGIN } from './extension-rules';
import { GATEWAY } from './gateway-rules';
import { metadata } from './metadata-rules';
import type { Refusal, Rule } from './refusal';
import { serviceEntry } from './service-entry-rules';
import { sidecar } from './sidecar-rules';
import { VIRTUAL_SERVICE } from './virtual-service-rules';
import { WORKLOAD_ENTRY, WORKLOAD_GROUP } from './workload-rules';

/** Of a kind, what may be refused about the object as a whole. */
type ObjectRule = (object: MeshObject) => readonly Refusal[];

const ofSpec =
  (rule: Rule): ObjectRule =>
  ({ node }) =>
    rule(node.get('spec'));

/** By group and kind: all of Istio's, but EnvoyFilter, whose patches only Envoy's own schema can judge. */
const RULES: ReadonlyMap<string, readonly ObjectRule[]> = new Map([
  ['networking.istio.io/VirtualService', [ofSpec(VIRTUAL_SERVICE), exportTo]],
  ['networking.istio.io/Gateway', [ofSpec(GATEWAY)]],
  ['networking.istio.io/DestinationRule', [destinationRule, exportTo]],
  ['networking.istio.io/ServiceEntry', [serviceEntry, exportTo]],
  ['networking.istio.io/WorkloadEntry', [ofSpec(WORKLOAD_ENTRY)]],
  ['networking.istio.io/WorkloadGroup', [ofSpec(WORKLOAD_GROUP)]],
  ['networking.istio.io/Sidecar', [sidecar]],
  ['networking.istio.io/ProxyConfig', [ofSpec(PROXY_CONFIG)]],
  ['security.istio.io/PeerAuthentication', [ofSpec(PEER_AUTHENTICATION)]],
  ['security.istio.io/RequestAuthentication', [ofSpec(REQUEST_AUTHENTICATION)]],
  ['security.istio.io/AuthorizationPolicy', [ofSpec(AUTHORIZATION_POLICY)]],
  ['telemetry.istio.io/Telemetry', [ofSpec(TELEMETRY)]],
  ['extensions.istio.io/WasmPlugin', [ofSpec(WASM_PLUGIN)]],
  ['extensions.istio.io/TrafficExtension', [ofSpec(TRAFFIC_EXTENSION)]],
]);

/** An object that is wrong throughout says so after as many findings. */
const MOST_PER_OBJECT = 20;

export const refusalsOf = perMesh((mesh: MeshModel): readonly (readonly [MeshObject, Refusal])[] =>
  mesh.objects
    .filter(({ group }) => group.endsWith('.istio.io'))
    .flatMap((object) => {
      const rules = RULES.get(`${object.group}/${object.kind}`);
      return rules === undefined
        ? []
        : [...metadata(object), ...rules.flatMap((rule) => rule(object))]
            .slice(0, MOST_PER_OBJECT)
            .map((refusal) => [object, refusal] as const);
    }),
);
