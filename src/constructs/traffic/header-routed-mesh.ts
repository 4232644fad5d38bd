import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { expectServed, gatewayOf, putInOrder, referenceTo } from '../gateway/gateway-of';
import type { IIngressGateway } from '../gateway/ingress-gateway-ref';
import { checkedId, checkOneOf, checkOptions, checkStrings } from '../objects/check-argument';
import { istioObject } from '../objects/istio-object';
import { type MetadataOptions, metadataOf, namespaceOf } from '../objects/object-options';
import { refuse, show } from '../objects/refuse';
import { RoutingApi } from '../objects/routing-api';
import { watchForDuplicates } from '../objects/unique-objects';
import { ServiceVersion } from '../workload/service-version';
import { VersionedService } from '../workload/versioned-service';
import { checkAtSynth } from './checks-at-synth';
import type { HeaderRoutedMeshProps, MeshServiceOptions } from './header-routed-mesh-options';
import { checkHosts, checkOverlaps } from './mesh-hosts';
import { RequestMatch } from './request-match';
import type { RouteOptions } from './route-options';
import { httpRoutes, type RouteRule } from './route-table';
import { TrafficSource } from './traffic-source';

/**
 * Which version of a service a request reaches, decided by its headers: rules in order, the first that matches wins, and
 * what matches none goes to the default version.
 *
 * Makes a VirtualService for each service and, for requests from outside, a Gateway.
 */
export class HeaderRoutedMesh extends Construct {
  /** The name of the first VirtualService. */
  public readonly name: string;

  /** The namespace of the VirtualServices; undefined leaves it to `kubectl apply -n`. */
  public readonly namespace?: string;

  /** The gateway that its requests come through, made by the mesh or passed to it; none where they pass none. */
  public readonly gateway?: IIngressGateway;

  private readonly apiVersion: RoutingApi;
  private readonly metadata: MetadataOptions;
  private readonly tables = new Map<VersionedService, RouteTable>();

  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id, and unless `name` says otherwise the name of Gateway and VirtualService.
   * @param props What it is made of.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong.
   */
  constructor(scope: Construct, id: string, props: HeaderRoutedMeshProps) {
    super(scope, checkedId(scope, id));
    checkOptions(this, 'the argument', props, '{ hosts: […], service: …, defaultVersion: … }');
    watchForDuplicates(this);
    this.name = props.name ?? id;
    this.namespace = namespaceOf(this, props.namespace);
    this.apiVersion = props.api ?? RoutingApi.ISTIO_V1;
    this.metadata = { labels: props.labels, annotations: props.annotations };
    this.checkService(props.service);
    if (props.checks ?? true) {
      checkAtSynth(this, props.service.clusterDomain);
    }
    const traffic = props.traffic ?? TrafficSource.GATEWAY;
    checkOneOf(this, 'traffic', props.traffic, TrafficSource);
    checkStrings(this, 'hosts', props.hosts ?? undefined, "['apis.example.com']");
    const hosts = [...(props.hosts ?? [])];
    checkHosts(this, hosts, traffic);
    this.gateway = gatewayOf(this, { ...props, traffic });
    if (traffic !== TrafficSource.GATEWAY) {
      hosts.push(props.service.hostFrom(this.namespace));
    }
    checkOverlaps(this, hosts);
    this.addTable('VirtualService', props.service, {
      defaultVersion: props.defaultVersion,
      labels: props.labels,
      annotations: props.annotations,
      name: this.name,
      hosts,
      gateways: this.gatewaysFor(traffic),
    });
    if (this.gateway !== undefined) {
      putInOrder(this.gateway, props.service, this.virtualServices[0]);
      expectServed(this, props.hosts ?? [], this.gateway);
    }
  }

  /** The VirtualServices, one for each service, in the order in which the services were added. A copy. */
  public get virtualServices(): ApiObject[] {
    return [...this.tables.values()].map((table) => table.virtualService);
  }

  /**
   * Routes what matches to a version. Rules are tried in the order in which they were added; the first that matches wins.
   *
   * @param version The version: of the mesh's service, or of one that was added with `addService`.
   * @param match What is asked of the request.
   * @param options The name of the route.
   * @throws Error when the version is of a service that the mesh does not route, or the match or an option is none.
   */
  public route(version: ServiceVersion, match: RequestMatch, options: RouteOptions = {}): void {
    if (!ServiceVersion._is(version)) {
      refuse(
        this,
        `route: ${show(version)} is not a version; pass what addVersion returned, or service.version(name).`,
      );
    }
    const table = this.tables.get(version.service);
    if (table === undefined) {
      refuse(
        this,
        `route: version '${version.version}' is a version of service '${version.service.name}', which this mesh does not route (it routes ${this.routed()}); add that service with addService first.`,
      );
    }
    if (!RequestMatch._is(match)) {
      refuse(
        this,
        `route: ${show(match)} is no match, and a rule without one would take every request; write one, as in HeaderMatch.exact('x-version', '${version.version}').`,
      );
    }
    checkOptions(this, 'route: options', options, "{ name: 'beta-by-header' }");
    if (options.name !== undefined && typeof options.name !== 'string') {
      refuse(this, `route: name ${show(options.name)} is not a string; put it in quotes.`);
    }
    table.rules.push({ version, match, name: options.name });
  }

  /**
   * Routes another service inside the mesh, so that one header can lead through a chain of calls: the apps between have to
   * pass that header on, since no proxy does.
   *
   * @param service The service; requests of other workloads to its name are routed.
   * @param options Its default version, and the name of its VirtualService.
   * @throws Error when the mesh routes the service already, or an option is wrong.
   */
  public addService(service: VersionedService, options: MeshServiceOptions): void {
    this.checkService(service);
    if (this.tables.has(service)) {
      refuse(
        this,
        `addService: service '${service.name}' is routed by this mesh already; add rules for its versions with route.`,
      );
    }
    checkOptions(this, 'addService: options', options, '{ defaultVersion: … }');
    const hosts = [service.hostFrom(this.namespace)];
    this.addTable(`VirtualService-${service.node.addr}`, service, {
      ...options,
      labels: { ...this.metadata.labels, ...options.labels },
      annotations: { ...this.metadata.annotations, ...options.annotations },
      name: options.name ?? service.name,
      hosts,
      gateways: ['mesh'],
    });
  }

  private gatewaysFor(traffic: TrafficSource): string[] {
    const names = this.gateway === undefined ? [] : [referenceTo(this.gateway, this)];
    return traffic === TrafficSource.GATEWAY ? names : [...names, 'mesh'];
  }

  private checkService(service: VersionedService): void {
    if (!VersionedService._is(service)) {
      refuse(this, `service ${show(service)} is not a VersionedService; make one and pass it.`);
    }
  }

  private addTable(
    id: string,
    service: VersionedService,
    options: MeshServiceOptions & { name: string; hosts: string[]; gateways: string[] },
  ): void {
    const { defaultVersion, hosts, gateways } = options;
    this.checkDefault(service, defaultVersion);
    // Asked for already now: that the name cannot be known from here is to be said here, and not at synthesis.
    service.hostFrom(this.namespace);
    const rules: RouteRule[] = [];
    const virtualService = istioObject(this, id, {
      kind: 'VirtualService',
      apiVersion: this.apiVersion,
      metadata: metadataOf(this, options, { name: options.name, namespace: this.namespace }),
      spec: () => ({ hosts, gateways, http: httpRoutes(rules, defaultVersion, this.namespace) }),
    });
    // Applied top to bottom, a subset is there before a route names it.
    virtualService.addDependency(service);
    this.tables.set(service, { virtualService, rules });
  }

  private checkDefault(service: VersionedService, version: ServiceVersion): void {
    if (!ServiceVersion._is(version)) {
      refuse(
        this,
        `defaultVersion is missing, and what matches no rule would get a 404; pass what addVersion returned for service '${service.name}'.`,
      );
    }
    if (version.service !== service) {
      refuse(
        this,
        `defaultVersion '${version.version}' is a version of service '${version.service.name}', not of '${service.name}'; pass one of its own.`,
      );
    }
  }

  private routed(): string {
    return [...this.tables.keys()].map((service) => `'${service.name}'`).join(', ');
  }
}

interface RouteTable {
  readonly virtualService: ApiObject;
  readonly rules: RouteRule[];
}
