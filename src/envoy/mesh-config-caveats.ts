/*
 * What the mesh's own settings leave open about a decision: what is not read of them, and what they do not settle.
 */
import { nameOf } from '../manifests/object';
import type { Unread } from '../model/mesh-config-fields';
import type { MeshModel } from '../model/model';
import { listOf } from '../syntax/wording';
import { type Caveat, CaveatKind, caveatAbout } from './caveat';
import type { RouteRequest } from './request';
import type { Trail } from './trail';
import { UNDECIDED, type Verdict } from './verdict';

/** What is open about the decisions of a mesh; undefined for most. */
export function openSettings(model: MeshModel): OpenSettings | undefined {
  const settings = new OpenSettings(model);
  return settings.isEmpty ? undefined : settings;
}

export class OpenSettings {
  private readonly unread: readonly Unread[];
  private readonly assumed: readonly Caveat[];

  public constructor(private readonly model: MeshModel) {
    const { meshConfig, options } = model;
    this.unread = meshConfig.unread;
    this.assumed = [
      ...contradiction(model, 'rootNamespace', options.rootNamespace, meshConfig.rootNamespace),
      ...otherControlPlanes(model),
      ...doubtfulNamespaces(model),
    ];
  }

  public get isEmpty(): boolean {
    return this.unread.length + this.assumed.length === 0;
  }

  /** A decision with what is open about it. */
  public cast(verdict: Verdict, request: RouteRequest, atGateway: boolean, trail: Trail): Verdict {
    const inReach = this.unread.filter((setting) => reaches(setting, request, atGateway));
    trail.caveat(() => [...inReach.map((setting) => notRead(setting, this.model)), ...this.assumed]);
    return inReach.length === 0 ? verdict : UNDECIDED;
  }
}

/** Where an option and MeshConfig contradict each other about hosts that the mesh does not know. */
export function contradictionAboutPolicy(model: MeshModel): readonly Caveat[] {
  const { options, meshConfig } = model;
  return contradiction(model, 'outboundTrafficPolicy', options.outboundTrafficPolicy, meshConfig.outboundMode);
}

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
