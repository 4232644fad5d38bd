/*
 * What the mesh's own settings leave open about a decision: what is not read of them, and what they do not settle.
 */
import { nameOf } from '../manifests/object';
import type { Unread } from '../model/mesh-config-fields';
import type { MeshModel } from '../model/model';
import { perMesh } from '../model/per-mesh';
import { listOf } from '../syntax/wording';
import { type Caveat, CaveatKind, caveatAbout } from './caveat';
import type { RouteRequest } from './request';
import type { Trail } from './trail';
import { UNDECIDED, type Verdict } from './verdict';

/** A decision with what the settings leave open about it. Of most meshes that is nothing. */
export function underMeshConfig(
  verdict: Verdict,
  model: MeshModel,
  { request, atGateway }: { readonly request: RouteRequest; readonly atGateway: boolean },
  trail: Trail,
): Verdict {
  const { assumed, unread } = openIn(model);
  if (assumed.length === 0 && unread.length === 0) {
    return verdict;
  }
  const inReach = unread.filter((setting) => reaches(setting, request, atGateway));
  trail.caveat(() => [...inReach.map((setting) => notRead(setting, model)), ...assumed]);
  return inReach.length === 0 ? verdict : UNDECIDED;
}

/** Where an option and MeshConfig contradict each other about hosts that the mesh does not know. */
export function contradictionAboutPolicy(model: MeshModel): readonly Caveat[] {
  const { options, meshConfig } = model;
  return contradiction(model, 'outboundTrafficPolicy', options.outboundTrafficPolicy, meshConfig.outboundMode);
}

const openIn = perMesh((model) => ({
  unread: model.meshConfig.unread,
  assumed: [
    ...contradiction(model, 'rootNamespace', model.options.rootNamespace, model.meshConfig.rootNamespace),
    ...otherControlPlanes(model),
    ...doubtfulNamespaces(model),
  ],
}));

function notRead({ field, decides }: Unread, { meshConfig: { object, path } }: MeshModel): Caveat {
  const text = `${field} of the mesh's configuration decides ${decides}, and is not read`;
  return object === undefined
    ? { kind: CaveatKind.NOT_READ, text }
    : caveatAbout(CaveatKind.NOT_READ, object, text, path);
}

function contradiction(
  { meshConfig: { object, path } }: MeshModel,
  field: string,
  given?: string,
  written?: string,
): readonly Caveat[] {
  if (object === undefined || given === undefined || written === undefined || given === written) {
    return [];
  }
  const text = `${field} is given as ${given}, and ${nameOf(object)} says ${written}; what is given counts`;
  return [caveatAbout(CaveatKind.ASSUMED, object, text, path)];
}

function otherControlPlanes({ meshConfig: { object, others } }: MeshModel): readonly Caveat[] {
  return object === undefined
    ? []
    : others.map((other) =>
        caveatAbout(
          CaveatKind.ASSUMED,
          other,
          `${nameOf(other)} says otherwise for the proxies of its control plane; those of ${nameOf(object)} are assumed`,
        ),
      );
}

function doubtfulNamespaces({ doubtfulNamespaces, meshConfig: { object, path } }: MeshModel): readonly Caveat[] {
  if (object === undefined || doubtfulNamespaces.size === 0) {
    return [];
  }
  const names = [...doubtfulNamespaces];
  const text = `istiod is assumed to look into ${listOf(names, 'and')}: the manifests do not contain the Namespace, by whose labels ${nameOf(object)} selects it (discoverySelectors)`;
  return [caveatAbout(CaveatKind.ASSUMED, object, text, path)];
}

function reaches({ at, header, overTls }: Unread, request: RouteRequest, atGateway: boolean): boolean {
  return (
    (at === undefined || (at === 'gateway') === atGateway) &&
    (overTls === undefined || /^https:/i.test(request.url)) &&
    (header === undefined || headerNames(request).some((name) => name.toLowerCase().startsWith(header)))
  );
}

function headerNames({ headers, headerLines }: RouteRequest): readonly string[] {
  return [...Object.keys(headers ?? {}), ...(headerLines ?? [])];
}
