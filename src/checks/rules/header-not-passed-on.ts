/*
 * Rules inside the mesh that match a header: a request has it only where the app that sends it passes it on from the request
 * that it is serving. No proxy does that, and nothing shows it until somebody looks at the wrong version.
 *
 * A remark, told once for each VirtualService, since manifests do not show what apps do. Whoever knows that they pass a header on
 * says so, by an annotation on the pods of one; nothing is said of that header then.
 */

import { nameOf } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import type { VirtualService } from '../../model/virtual-service';
import { headersListed, PROPAGATED_HEADERS } from '../../syntax/propagated-headers';
import { listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';
import { followersOf } from '../shared/mesh-clients';

export const headerNotPassedOn: Check = {
  id: 'header-not-passed-on',
  title: 'Rules inside the mesh need a header that apps have to pass on',
  severity: Severity.INFO,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const virtualService of mesh.virtualServices) {
      const headers = headersInMesh(virtualService).filter((header) => !passedOn(mesh).has(header));
      // mesh-routes-without-sidecar reports rules that no client follows.
      if (headers.length > 0 && followersOf(mesh, virtualService) === 'may follow') {
        const them = headers.length === 1 ? 'it' : 'them';
        report({
          object: virtualService.object,
          path: 'spec.http',
          message: `Inside the mesh, rules of ${nameOf(virtualService.object)} match ${headers.length === 1 ? 'the header' : 'the headers'} ${listOf(headers)}. No proxy passes a header on: a request has it only if the app that sends it copies it from the request that it is serving.`,
          help: `Have each app on the way copy ${them}. Once all do, say so on the pods of any of them, which ends this remark: ${PROPAGATED_HEADERS}: ${headers.join(',')}.`,
        });
      }
    }
  },
};

/** The headers, in lower case, that its rules for the mesh ask for. The request's own parts (`:method`) come with every request. */
function headersInMesh({ boundTo, http }: VirtualService): readonly string[] {
  if (!boundTo.includes('mesh')) {
    return [];
  }
  const matches = http.flatMap(({ match }) => match);
  const inMesh = matches.filter(({ gateways }) => gateways.length === 0 || gateways.includes('mesh'));
  const names = inMesh.flatMap(({ headers, withoutHeaders }) =>
    [...headers, ...withoutHeaders].map(({ name }) => name),
  );
  return [...new Set(names.map((name) => name.toLowerCase()))].filter((name) => !/^[:@]/.test(name));
}

const passedOn = perMesh(
  (mesh: MeshModel) =>
    new Set(mesh.workloads.flatMap(({ podAnnotations }) => headersListed(podAnnotations.get(PROPAGATED_HEADERS)))),
);
