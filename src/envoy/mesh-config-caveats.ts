/*
 * What MeshConfig leaves open about a decision: settings that are not read, and settings that contradict each other.
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
  const text = `${field} is given as ${given}, and ${nameOf(object)} says ${written}; the given value counts`;
  return [caveatAbout(CaveatKind.ASSUMED, object, text, path)];
}

function otherControlPlanes({ meshConfig: { object, others } }: MeshModel): readonly Caveat[] {
  return object === undefined
    ? []
    : others.map((other) =>
        caveatAbout(
          CaveatKind.ASSUMED,
          other,
          `${nameOf(other)} has other settings for the proxies of its control plane; the settings of ${nameOf(object)} are assumed`,
        ),
      );
}

function doubtfulNamespaces({ doubtfulNamespaces, meshConfig: { object, path } }: MeshModel): readonly Caveat[] {
  if (object === undefined || doubtfulNamespaces.size === 0) {
    return [];
  }
  const names = [...doubtfulNamespaces];
  const text = `istiod is assumed to read namespace ${listOf(names, 'and')}: ${nameOf(object)} selects namespaces by their labels (discoverySelectors), and the manifests do not contain this Namespace`;
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
