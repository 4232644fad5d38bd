/*
 * Kinds that change the mesh and that no check reads. Silence about them would look like praise. Told once for each kind, at its first
 * object.
 *
 * Not of Telemetry and ProxyConfig: what is reported of a request, and with how many threads, changes no answer.
 */
import { refOf } from '../../manifests/object';
import { isUnread } from '../../model/gateway-api';
import { EXTENSION_KINDS } from '../../model/proxy-patch';
import { count, listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';

export const notLookedAt: Check = {
  id: 'not-looked-at',
  title: 'Objects that change the mesh and that the checks do not read',
  severity: Severity.INFO,
  istio: [],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const [kind, unknown] of UNKNOWN) {
      const objects = mesh.ofKind(kind).filter((object) => isUnread(mesh, object));
      if (objects.length > 0) {
        const [object] = objects;
        const are = objects.length === 1 ? 'is' : 'are';
        report({
          object,
          path: '',
          message: `${count(objects.length, `${kind} object`)} of ${object.group} ${are} not read: ${listOf(objects.map(refOf), 'and', 3)}. So the checks do not know ${unknown}.`,
          help: "You need not change anything. Where such an object can change the answer to a request, 'versioned-mesh route' answers undecided and names the object; try such requests in a cluster.",
        });
      }
    }
  },
};

const ROUTED = 'where requests to the hosts and Services in such objects go';
const SERVED = 'which hosts such objects serve on which ports';
const PATCHED = 'what such objects change in the proxies';
const CONNECTED = 'how proxies connect to the Services in such objects';

/** By kind, what is therefore not known. */
const UNKNOWN: ReadonlyMap<string, string> = new Map([
  ...['Gateway', 'ListenerSet', 'XListenerSet'].map((kind) => [kind, SERVED] as const),
  ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute', 'Ingress'].map((kind) => [kind, ROUTED] as const),
  ...['BackendTLSPolicy', 'XBackendTrafficPolicy'].map((kind) => [kind, CONNECTED] as const),
  ['ReferenceGrant', 'which references between namespaces such objects allow'],
  ...['EnvoyFilter', ...EXTENSION_KINDS].map((kind) => [kind, PATCHED] as const),
]);
