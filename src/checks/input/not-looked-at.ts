/*
 * Kinds that the mesh obeys and nobody reads here. Silence about them would look like praise. Told once for each kind, at its first
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
  title: 'Objects that change what the mesh does, and are not read',
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
          message: `${count(objects.length, `${kind} object`)} of ${object.group} ${are} not looked at: ${listOf(objects.map(refOf), 'and', 3)}. It is not known here ${unknown}, and no other check is about that.`,
          help: "Nothing has to be changed. Where such an object can change the answer to a request, 'versioned-mesh route' says undecided and names it; try such requests in a cluster.",
        });
      }
    }
  },
};

const ROUTED = 'where requests go for the hosts and Services named there';
const SERVED = 'which hosts are served there on which ports';
const PATCHED = 'what changes in the proxies concerned';
const CONNECTED = 'how connections to the Services named there are made';

/** By kind, what is therefore not known. */
const UNKNOWN: ReadonlyMap<string, string> = new Map([
  ...['Gateway', 'ListenerSet', 'XListenerSet'].map((kind) => [kind, SERVED] as const),
  ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute', 'Ingress'].map((kind) => [kind, ROUTED] as const),
  ...['BackendTLSPolicy', 'XBackendTrafficPolicy'].map((kind) => [kind, CONNECTED] as const),
  ['ReferenceGrant', 'which routes of other namespaces are let through'],
  ...['EnvoyFilter', ...EXTENSION_KINDS].map((kind) => [kind, PATCHED] as const),
]);
