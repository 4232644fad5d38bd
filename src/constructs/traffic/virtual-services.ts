/*
 * Which VirtualServices a mesh needs: one for its own service, or two where the gateway and the sidecars are told different
 * things, and one for each service further in.
 */
import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { VirtualServiceSpec } from '../../../imports/networking.istio.io';
import { PROPAGATED_HEADERS } from '../../syntax/propagated-headers';
import { istioObject } from '../objects/istio-object';
import { type MetadataOptions, metadataOf } from '../objects/object-options';
import { refuse } from '../objects/refuse';
import type { RoutingApi } from '../objects/routing-api';
import type { VersionedService } from '../workload/versioned-service';
import { differsByEntrance } from './http-route';
import type { Rule } from './route';
import { type Common, gatewayRoutes, type RouteTable, routesOf } from './route-table';
import { TrafficSource } from './traffic-source';

/** What a mesh is, as far as its VirtualServices are concerned. */
export interface MeshFrame {
  readonly name: string;
  readonly namespace?: string;
  readonly api: RoutingApi;
  readonly metadata: MetadataOptions;
  readonly traffic: TrafficSource;
  /** Those that clients ask for, without the names of services. */
  readonly hosts: readonly string[];
  /** As a VirtualService names it; undefined where no traffic comes from a gateway. */
  readonly gatewayName?: string;
  /** Whether clients come by HTTPS only, as far as is known; asked at synthesis. */
  isHttps(): boolean;
}

const INNER = 'VirtualService-inside';

export class VirtualServices {
  private readonly tables: RouteTable[] = [];
  private readonly outer: ApiObject;
  private inner?: ApiObject;
  private readonly further: ApiObject[] = [];
  private readonly headers = new Set<string>();

  /** Makes that of the mesh's own service. */
  public constructor(
    private readonly mesh: Construct,
    private readonly frame: MeshFrame,
    private readonly own: RouteTable,
  ) {
    const { name, metadata, hosts, gatewayName } = frame;
    const gateways = gatewayName === undefined ? [] : [gatewayName];
    this.outer = this.make('VirtualService', own.service, name, metadata, () => ({
      hosts: this.isForBoth() ? [...hosts, this.hostOf(own)] : [...hosts],
      gateways: this.isForBoth() ? [...gateways, 'mesh'] : gateways,
      http: gatewayName === undefined ? this.routesInside(own) : gatewayRoutes(own, this.tables, this.common()),
    }));
  }

  /** In the order in which they were made, those of the mesh's own service first. A copy. */
  public get objects(): ApiObject[] {
    return [this.outer, this.inner ?? [], this.further].flat();
  }

  /** Makes that of a service further in. When `last` throws, it was not made. */
  public add(table: RouteTable, name: string, metadata: MetadataOptions, last: () => void): void {
    const { service } = table;
    this.checkFree(name, `service '${service.name}'`, 'set name in its options');
    const id = `VirtualService-${service.node.addr}`;
    const made = this.make(id, service, name, metadata, () => ({
      hosts: [this.hostOf(table)],
      gateways: ['mesh'],
      http: this.routesInside(table),
    }));
    this.further.push(made);
    const { inner } = this;
    try {
      if (table.mount !== undefined) {
        this.separate();
      }
      last();
    } catch (error) {
      this.further.pop();
      this.mesh.node.tryRemoveChild(id);
      if (inner === undefined) {
        this.inner = undefined;
        this.mesh.node.tryRemoveChild(INNER);
      }
      throw error;
    }
    made.addDependency(service);
    if (table.mount !== undefined) {
      this.outer.addDependency(service);
    }
    this.tables.push(table);
    this.annotate();
  }

  /** Sees to it that a rule of the mesh's own service can be written. */
  public prepareRule(rule: Rule): void {
    if (rule.service === this.own.service && differsByEntrance(rule)) {
      this.separate();
    }
  }

  /** Has all objects say that apps have to pass a header on. */
  public addPropagatedHeader(name: string): void {
    this.headers.add(name);
    this.annotate();
  }

  /** Has the gateway and the sidecars told different things. */
  private separate(): void {
    const { traffic, metadata, hosts } = this.frame;
    if (traffic !== TrafficSource.GATEWAY_AND_MESH || this.inner !== undefined) {
      return;
    }
    const { service } = this.own;
    this.checkFree(
      service.name,
      `the sidecars, which are told other rules than the gateway,`,
      'set name on the mesh, or on what is called so',
    );
    this.inner = this.make(INNER, service, service.name, metadata, () => ({
      // With services below folders, a host is more than this service, and its other requests go through the gateway.
      hosts: this.tables.some(({ mount }) => mount !== undefined)
        ? [this.hostOf(this.own)]
        : [...hosts, this.hostOf(this.own)],
      gateways: ['mesh'],
      http: this.routesInside(this.own),
    }));
    this.inner.addDependency(service);
    this.annotate();
  }

  /** Whether the first VirtualService speaks to sidecars. */
  private isForBoth(): boolean {
    return this.frame.traffic !== TrafficSource.GATEWAY && this.inner === undefined;
  }

  private routesInside(table: RouteTable) {
    return routesOf(table, 'mesh', this.common());
  }

  private common(): Common {
    return { namespace: this.frame.namespace, isHttps: this.frame.isHttps() };
  }

  private hostOf({ service }: RouteTable): string {
    return service.hostFrom(this.frame.namespace);
  }

  private checkFree(name: string, whose: string, remedy: string): void {
    if (this.objects.some((object) => object.name === name)) {
      refuse(
        this.mesh,
        `the VirtualService for ${whose} would be called '${name}', as another of this mesh is; ${remedy}.`,
      );
    }
  }

  private make(
    id: string,
    service: VersionedService,
    name: string,
    metadata: MetadataOptions,
    spec: () => VirtualServiceSpec,
  ): ApiObject {
    const { api, namespace } = this.frame;
    const partOf = { app: service._pods()?.app ?? service.name };
    return istioObject(this.mesh, id, {
      kind: 'VirtualService',
      apiVersion: api,
      metadata: metadataOf(this.mesh, metadata, { name, namespace, partOf }),
      spec,
    });
  }

  private annotate(): void {
    if (this.headers.size > 0) {
      for (const { metadata } of this.objects) {
        metadata.addAnnotation(PROPAGATED_HEADERS, [...this.headers].join(','));
      }
    }
  }
}
