/*
 * A mesh for tests that are about its routes: what is written, and what becomes of requests.
 */
import type { Chart } from 'cdk8s';
import {
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  Mesh,
  type RouteDecision,
  type RouteRequest,
  type ServiceVersion,
  Severity,
  type VersionedService,
} from 'cdk8s-versioned-mesh';
import { type Manifest, newChart, only, synth } from './synth';
import { expectValid } from './valid';
import { versioned } from './versioned';

export interface Entry {
  readonly name?: string;
  readonly match?: readonly object[];
  readonly route?: readonly { readonly destination: { readonly subset?: string }; readonly weight?: number }[];
  readonly [field: string]: unknown;
}

/** A mesh 'ingress' for apis.example.com over the service 'apis' of v1, v2 and v3, of which v1 is the default. */
export class Routed {
  public readonly chart: Chart = newChart();
  public readonly service: VersionedService;
  public readonly mesh: HeaderRoutedMesh;
  public readonly v1: ServiceVersion;
  public readonly v2: ServiceVersion;
  public readonly v3: ServiceVersion;

  public constructor(props: (made: Routed) => Partial<HeaderRoutedMeshProps> = () => ({})) {
    const apis = versioned(this.chart);
    this.service = apis.service;
    this.v1 = apis.defaultVersion;
    this.v2 = apis.service.version('v2');
    this.v3 = apis.service.addVersion('v3', { image: 'apis:3' });
    this.mesh = new HeaderRoutedMesh(this.chart, 'ingress', { hosts: ['apis.example.com'], ...apis, ...props(this) });
  }

  /** Another service of v1 and v2. */
  public another(id: string): { service: VersionedService; v1: ServiceVersion; v2: ServiceVersion } {
    const { service, defaultVersion } = versioned(this.chart, id);
    return { service, v1: defaultVersion, v2: service.version('v2') };
  }

  /** Held against the schemas and the checks of the read side, which find neither an error nor anything to warn of. */
  public get manifests(): Manifest[] {
    const manifests = synth(this.chart);
    expectValid(manifests);
    const findings = Mesh.fromChart(this.chart).check();
    expect(findings.filter(({ severity }) => severity !== Severity.INFO)).toEqual([]);
    return manifests;
  }

  /** What a VirtualService holds. */
  public entries(name = 'ingress'): Entry[] {
    return only(this.manifests, 'VirtualService', name).spec.http as Entry[];
  }

  /** What becomes of a request to the host of the mesh, or inside the mesh to a service. */
  public ask(path = '/', request: Partial<RouteRequest> = {}): RouteDecision {
    return Mesh.fromChart(this.chart).route({ url: `http://apis.example.com${path}`, ...request });
  }

  public askInside(url: string, request: Partial<RouteRequest> = {}): RouteDecision {
    return Mesh.fromChart(this.chart).route({ url, from: 'mesh:shop/apis-v1', ...request });
  }
}

/** The versions that a request may reach, with their shares where there are several. */
export function reached(decision: RouteDecision): string[] {
  return decision.destinations.map(({ subset, weight }) =>
    decision.destinations.length === 1 ? `${subset}` : `${subset} ${weight}`,
  );
}

/** The path that the app sees. */
export function seen(decision: RouteDecision): string | undefined {
  return decision.destinations[0]?.request.path;
}
