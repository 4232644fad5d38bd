/*
 * A VirtualService that names a Gateway which the manifests do not contain. It may be in the cluster, so this is a warning, and
 * only a remark where the manifests contain nothing of the Gateway's namespace: then it is somebody else's.
 */

import type { Node } from '../../manifests/node';
import { nameOf } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY, resolveGateway } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import type { VirtualService } from '../../model/virtual-service';
import { closest } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';
import { existsElsewhere } from '../shared/exists-elsewhere';

export const gatewayNotFound: Check = {
  id: 'gateway-not-found',
  title: 'A VirtualService is bound to a Gateway that is not there',
  severity: Severity.WARNING,
  istio: ['IST0101'],
  kiali: ['KIA1102'],
  run(mesh, report) {
    for (const virtualService of mesh.virtualServices) {
      const { object } = virtualService;
      const seen = new Set<string>();
      for (const name of gatewaysNamedIn(virtualService)) {
        const written = name.text() ?? MESH_GATEWAY;
        const ref = resolveGateway(written, object.namespace);
        const isKnown = ref === MESH_GATEWAY || mesh.gateway(ref) !== undefined;
        if (isKnown || seen.has(ref) || existsElsewhere(object, written, ref)) {
          continue;
        }
        seen.add(ref);
        const [namespace] = ref.split('/');
        const given = mesh.givenNamespaces.has(namespace);
        report({
          object,
          path: name.path,
          severity: given ? Severity.WARNING : Severity.INFO,
          message:
            `${nameOf(object)} is bound to Gateway ${ref}, which is not among the manifests. ` +
            (given
              ? 'Unless the cluster has it already, no gateway ever uses these routes.'
              : `They contain nothing of namespace ${namespace}, so nothing can be said about what comes in there.`),
          help: remedy(mesh, ref, object.namespace),
        });
      }
    }
  },
};

/** Of the whole VirtualService, and of single matches. */
function gatewaysNamedIn({ object, http, tls, tcp }: VirtualService): readonly Node[] {
  const spec = object.node.get('spec');
  const named = (route: { readonly match: readonly { readonly gateways: readonly string[] }[] }) =>
    route.match.some(({ gateways }) => gateways.length > 0);
  const matches = [http, tls, tcp].some((routes) => routes.some(named))
    ? ['http', 'tls', 'tcp'].flatMap((kind) => spec.get(kind).maps()).flatMap((route) => route.get('match').maps())
    : [];
  return [spec, ...matches].flatMap((node) => node.get('gateways').items());
}

const refsByName = perMesh((mesh) => new Map(mesh.gateways.map(({ object, ref }) => [object.name, ref])));

function remedy(mesh: MeshModel, ref: string, from: string): string {
  const [namespace, name] = ref.split('/');
  const elsewhere = refsByName(mesh).get(name);
  if (elsewhere !== undefined) {
    const reason = namespace === from ? ' A name alone means the namespace of the VirtualService.' : '';
    return `A Gateway of that name is in another namespace: write ${elsewhere}.${reason}`;
  }
  const near = closest(name, refsByName(mesh).keys());
  return near === undefined
    ? `Add Gateway ${ref}, or write the name of one that exists, as namespace/name.`
    : `Did you mean ${refsByName(mesh).get(near)}?`;
}
