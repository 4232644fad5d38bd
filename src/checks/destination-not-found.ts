/*
 * A route or mirror to a host that neither a Service nor a ServiceEntry has: Envoy has no cluster for it and answers 503.
 *
 * Certain only for a Service's name cut short, as in `apis.shop`, which Istio does not complete. For the rest the cluster may
 * have what the manifests lack.
 */
import { MESH_GATEWAY } from '../mesh/naming';
import { nameOf } from '../mesh/object';
import type { VirtualService } from '../mesh/virtual-service';
import type { Check } from './check';
import { Severity } from './finding';
import { explainMissingHost, isKnownHost } from './shared/registry-lookup';
import { destinationsOf, type WrittenDestination } from './shared/written-destinations';

/** Services of other clusters: their existence shows in no manifest. */
const MULTI_CLUSTER = '.svc.clusterset.local';

export const destinationNotFound: Check = {
  id: 'destination-not-found',
  title: 'A route leads to a host that does not exist',
  severity: Severity.WARNING,
  istio: ['IST0101'],
  kiali: ['KIA1101'],
  run(mesh, report) {
    for (const virtualService of mesh.virtualServices) {
      const { object } = virtualService;
      for (const written of destinationsOf(virtualService)) {
        const { host, writtenHost, path } = written.destination;
        if (isKnownHost(mesh, host) || host.endsWith(MULTI_CLUSTER)) {
          continue;
        }
        const { severity, why, help } = explainMissingHost(mesh, writtenHost, host, object.namespace);
        report({
          object,
          path: `${path}.host`,
          severity,
          message: `${nameOf(object)} ${consequence(written, host, virtualService)}: ${why}.`,
          help,
        });
      }
    }
  },
};

function consequence({ role, kind }: WrittenDestination, host: string, { boundTo }: VirtualService): string {
  if (role === 'mirror') {
    return `mirrors to ${host}, where no copy arrives`;
  }
  const who = boundTo.includes(MESH_GATEWAY) ? 'callers' : 'clients';
  return kind === 'http'
    ? `routes to ${host}, for which ${who} get 503`
    : `routes to ${host}, for which ${who} get a closed connection`;
}
