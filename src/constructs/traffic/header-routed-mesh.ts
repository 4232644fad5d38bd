import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { doorsOf, expectServed, gatewayOf, putInOrder, referenceTo, servesHttpsOnly } from '../gateway/gateway-of';
import type { IIngressGateway } from '../gateway/ingress-gateway-ref';
import { checkedId } from '../objects/check-argument';
import { type MetadataOptions, namespaceOf } from '../objects/object-options';
import { refuse, refuseIf, show } from '../objects/refuse';
import { RoutingApi } from '../objects/routing-api';
import { watchForDuplicates } from '../objects/unique-objects';
import { addValidation } from '../objects/validation';
import type { ICaller } from '../security/caller';
import type { MeshSecurity } from '../security/mesh-security';
import { secureService } from '../security/secure-service';
import { ServiceVersion } from '../workload/service-version';
import { VersionedService } from '../workload/versioned-service';
import { checkForward, checkMounted, checkName } from './check-route';
import { checkAtSynth } from './checks-at-synth';
import { complaintsAbout } from './complaints-at-synth';
import {
  type HeaderRoutedMeshProps,
  LANE,
  type LaneOptions,
  MESH,
  MESH_SERVICE,
  type MeshServiceOptions,
} from './header-routed-mesh-options';
import { checkLane, laneKeyOf, laneRules } from './lane';
import { checkHosts, checkOverlaps } from './mesh-hosts';
import { type Mount, mountOf } from './mount';
import { type OptionPlace, within } from './option-place';
import { checkRedirect, checkResponse } from './own-answers';
import { checkLoop, type Surroundings } from './redirect-loop';
import { RequestMatch } from './request-match';
import { type Action, type Forward, Route, type Rule } from './route';
import { REDIRECT, RESPONSE, ROUTE } from './route-option-tables';
import type { RedirectOptions, ResponseOptions, RouteOptions } from './route-options';
import { isMounted, type RouteTable } from './route-table';
import { checkCookie } from './session-affinity';
import { checkTarget } from './shares';
import { TrafficSource } from './traffic-source';
import { type MeshFrame, VirtualServices } from './virtual-services';

/**
 * Which version of a service a request reaches, decided by its headers: rules in order, the first that matches wins, and
 * what matches none goes to the default version.
 *
 * Makes a VirtualService for each service and, for requests from outside, a Gateway. Where the gateway and the sidecars are
 * told different things, the mesh's own service has two VirtualServices: one called like the mesh, for the gateway, and one
 * called like the service, for the sidecars. That is so with `sessionAffinity`, with matches by SourceMatch, with lanes that
 * have an entry, and with services below `paths`.
 */
export class HeaderRoutedMesh extends Construct {
  /** The name of the first VirtualService. */
  public readonly name: string;

  /** The namespace of the VirtualServices; undefined leaves it to `kubectl apply -n`. */
  public readonly namespace?: string;

  /** The gateway that its requests come through, made by the mesh or passed to it; none where they pass none. */
  public readonly gateway?: IIngressGateway;

  private readonly traffic: TrafficSource;
  private readonly hosts: readonly string[];
  private readonly metadata: MetadataOptions;
  private readonly api: RoutingApi;
  private readonly security?: MeshSecurity;
  private readonly own: RouteTable;
  private readonly tables = new Map<VersionedService, RouteTable>();
  private readonly virtualServices: VirtualServices;
  /** By name, whether each has an entry. */
  private readonly lanes = new Map<string, boolean>();

  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id, and unless `name` says otherwise the name of Gateway and VirtualService.
   * @param props What it is made of.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong.
   */
  constructor(scope: Construct, id: string, props: HeaderRoutedMeshProps) {
    super(scope, checkedId(scope, id));
    try {
      const given = MESH.read(this, '', props);
      this.name = given.name ?? id;
      this.namespace = namespaceOf(this, given.namespace);
      this.traffic = given.traffic ?? TrafficSource.GATEWAY;
      this.hosts = given.hosts ?? [];
      this.metadata = { labels: given.labels, annotations: given.annotations };
      this.api = given.api ?? RoutingApi.ISTIO_V1;
      this.security = given.security;
      this.own = this.tableOf(given.service, given, 'defaultRoute', this.traffic !== TrafficSource.MESH);
      this.checkAllHosts(given.service);
      this.gateway = gatewayOf(this, { ...given, traffic: this.traffic });
      this.virtualServices = new VirtualServices(this, this.frame(), this.own);
      this.virtualServices.prepareRule(this.own.defaultRoute._rule());
      this.tables.set(given.service, this.own);
      this.secure(this.own, given.callers, this.metadata);
      this.watch(given);
    } catch (error) {
      // A construct is in the tree before its props are looked at. Left there, it would be in the way of a second try.
      scope.node.tryRemoveChild(this.node.id);
      throw error;
    }
  }

  /** The route for what matches no rule of the mesh's own service. */
  public get defaultRoute(): Route {
    return this.own.defaultRoute;
  }

  /** The objects that carry the routes, those of the mesh's own service first. A copy. */
  public get routeObjects(): ApiObject[] {
    return this.virtualServices.objects;
  }

  /**
   * Routes what matches to a version. Rules are tried in the order in which they were added, be it by `route`, `redirect`,
   * `respond` or `addLane`; the first that matches wins.
   *
   * @param version The version: of the mesh's service, or of one that was added with `addService`.
   * @param match What is asked of the request.
   * @param options What the route does beside leading to the version.
   * @returns The route.
   * @throws Error when the version is of a service that the mesh does not route or is retired, when the match is none, or when
   * an option is wrong.
   */
  public route(version: ServiceVersion, match: RequestMatch, options: RouteOptions = {}): Route {
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
    this.checkMatch('route', match, `HeaderMatch.exact('x-version', '${version.version}')`);
    const place = this.at('route.options');
    checkTarget(this.at('route'), version.service, version);
    const read = ROUTE.read(this, place.what, options);
    checkForward(place, version, match, read);
    return this.add('route', table, match, read.name, { kind: 'forward', version, options: read });
  }

  /**
   * Redirects what matches.
   *
   * @param match What is asked of the request.
   * @param options Where it leads.
   * @returns The route.
   * @throws Error when the match is none, or an option is wrong, or it leads to what it matches itself.
   */
  public redirect(match: RequestMatch, options: RedirectOptions): Route {
    this.checkMatch('redirect', match, "PathMatch.under('/old')");
    const place = this.at('redirect.options');
    const read = REDIRECT.read(this, place.what, options);
    const table = this.routedTable('redirect', read.service);
    checkName(place, read.name);
    checkRedirect(place, read, table.mount?.root);
    checkLoop(place, read, match, this.around(table));
    return this.add('redirect', table, match, read.name, { kind: 'redirect', options: read });
  }

  /**
   * Answers what matches, without asking any app.
   *
   * @param match What is asked of the request.
   * @param options The answer.
   * @returns The route.
   * @throws Error when the match is none, or an option is wrong.
   */
  public respond(match: RequestMatch, options: ResponseOptions): Route {
    this.checkMatch('respond', match, "PathMatch.exact('/robots.txt')");
    const place = this.at('respond.options');
    const read = RESPONSE.read(this, place.what, options);
    const table = this.routedTable('respond', read.service);
    checkName(place, read.name);
    checkResponse(place, read);
    return this.add('respond', table, match, read.name, { kind: 'respond', options: read });
  }

  /**
   * Routes another service: inside the mesh, so that one header can lead through a chain of calls, and with `paths` at the
   * gateway, too. The apps between have to pass that header on, since no proxy does.
   *
   * @param service The service; requests of other workloads to its name are routed.
   * @param options Its default version, and what else is to be said of its routes.
   * @returns The route for what matches no rule of the service.
   * @throws Error when the mesh routes the service already, or an option is wrong.
   */
  public addService(service: VersionedService, options: MeshServiceOptions): Route {
    if (!VersionedService._is(service)) {
      refuse(this, `service ${show(service)} is not a VersionedService; make one and pass it.`);
    }
    if (this.tables.has(service)) {
      refuse(
        this,
        `addService: service '${service.name}' is routed by this mesh already; add rules for its versions with route.`,
      );
    }
    const place = this.at('addService.options');
    const read = MESH_SERVICE.read(this, place.what, options);
    const mount = mountOf(place, read, [...this.tables.values()].filter(isMounted));
    this.checkMountable(place, mount);
    const table = this.tableOf(service, read, `${place.what}.defaultRoute`, mount !== undefined, mount);
    const metadata = {
      labels: { ...this.metadata.labels, ...read.labels },
      annotations: { ...this.metadata.annotations, ...read.annotations },
    };
    this.virtualServices.add(table, read.name ?? service.name, metadata, () =>
      this.secure(table, read.callers, metadata),
    );
    this.tables.set(service, table);
    return table.defaultRoute;
  }

  /**
   * Adds a lane: requests that carry its key reach its version of each service that has one, and the default of each other.
   * Both do what the options of the service's default route say, but for its shares and copies, and without its patches. Apps
   * have to pass the key on; an annotation of the VirtualServices names its header.
   *
   * With `entry` the gateway puts requests on the lane: it adds the key to those that match. Such a request to a service
   * without a version of the lane is not kept by that service's `sessionAffinity`.
   *
   * @param name The name; routes are called after it, as in `lane-beta`.
   * @param options The key and the versions.
   * @returns The routes, in the order of the services.
   * @throws Error when there is such a lane already, when a version is of a service that the mesh does not route or is retired,
   * or when the key is not one that the gateway can write.
   */
  public addLane(name: string, options: LaneOptions): Route[] {
    refuseIf(this, 'addLane: name', name, complaintAboutDnsLabel(name));
    if (this.lanes.has(name)) {
      refuse(this, `addLane: lane '${name}' is there already; give this one another name.`);
    }
    const place = this.at('addLane.options');
    const read = LANE.read(this, place.what, options);
    const key = laneKeyOf(place, read.match);
    checkLane(place, read, this.tables);
    const rules = [...this.tables.values()].flatMap((table) =>
      laneRules(name, read, key, table).map((rule) => ({ table, rule })),
    );
    if (read.entry !== undefined && !rules.some(({ rule }) => rule.isEntry)) {
      refuse(this, 'addLane.options.entry acts at the gateway, which leads to no service of this mesh; leave it out.');
    }
    for (const { table, rule } of rules) {
      this.checkRule('addLane', table, rule);
      this.virtualServices.prepareRule(rule);
    }
    const routes = rules.map(({ table, rule }) => this.write(table, rule));
    this.lanes.set(name, read.entry !== undefined);
    this.virtualServices.addPropagatedHeader(key.header);
    return routes;
  }

  private around(table: RouteTable): Surroundings {
    const { gateway, hosts } = this;
    const isReachedByThem = table === this.own || table.isAtGateway;
    const doors = table.isAtGateway ? doorsOf(gateway, hosts) : [{ port: table.service.port, isHttps: false }];
    const others = [...this.tables.values()].filter((other) => other !== table);
    return { table, hosts: isReachedByThem ? hosts : [], doors, others };
  }

  private frame(): MeshFrame {
    const { gateway, hosts } = this;
    return {
      name: this.name,
      namespace: this.namespace,
      api: this.api,
      metadata: this.metadata,
      traffic: this.traffic,
      hosts,
      gatewayName: gateway && referenceTo(gateway, this),
      isHttps: () => gateway !== undefined && servesHttpsOnly(gateway, hosts),
    };
  }

  /** To be called last: what it makes is the service's, and stays there when the mesh is refused afterwards. */
  private secure(
    { service, isAtGateway }: RouteTable,
    callers: ICaller[] | undefined,
    metadata: MetadataOptions,
  ): void {
    const gateway = isAtGateway ? this.gateway : undefined;
    secureService(this, this.security, { service, callers, gateway, metadata, api: this.api });
  }

  private add(method: string, table: RouteTable, match: RequestMatch, name: string | undefined, action: Action): Route {
    const rule: Rule = { name, service: table.service, match, action };
    this.checkRule(method, table, rule);
    this.virtualServices.prepareRule(rule);
    return this.write(table, rule);
  }

  private checkRule(method: string, table: RouteTable, rule: Rule): void {
    const { match } = rule;
    this.checkReach(this.at(`${method}.options`), table, rule);
    if (match !== undefined) {
      checkMounted(this.at(method), match, table.mount);
      this.checkCallers(method, table, rule, match);
    }
  }

  /** Throws where users are to be kept by cookies, and would not be. */
  private checkReach(place: OptionPlace, { service, isAtGateway }: RouteTable, { action }: Rule): void {
    if (action.kind !== 'forward' || action.options.sessionAffinity === undefined) {
      return;
    }
    if (!isAtGateway) {
      refuse(
        this,
        `sessionAffinity acts at the gateway, and service '${service.name}' is reached from inside the mesh only, where nobody keeps cookies; leave it out.`,
      );
    }
    checkCookie(within(place, 'sessionAffinity'), action, this.forwards(), this.hosts);
  }

  private forwards(): Forward[] {
    return [...this.tables.values()].flatMap(({ rules, byDefault }) => [
      byDefault,
      ...rules.map((route) => route._rule().action).filter((action) => action.kind === 'forward'),
    ]);
  }

  private checkCallers(method: string, table: RouteTable, { isEntry }: Rule, match: RequestMatch): void {
    const isInside = table !== this.own || this.traffic !== TrafficSource.GATEWAY;
    if ((isEntry || !isInside) && match._isFromSource()) {
      refuse(
        this,
        `${method}: the match asks about the caller, whom only sidecars know, and the rule is for the gateway; match something else, or set traffic to GATEWAY_AND_MESH.`,
      );
    }
  }

  private write(table: RouteTable, rule: Rule): Route {
    const route = Route._of(this, rule);
    table.rules.push(route);
    return route;
  }

  private tableOf(
    service: VersionedService,
    { defaultVersion, defaultRoute: options = {} }: Pick<MeshServiceOptions, 'defaultVersion' | 'defaultRoute'>,
    what: string,
    isAtGateway: boolean,
    mount?: Mount,
  ): RouteTable {
    if (defaultVersion.service !== service) {
      refuse(
        this,
        `defaultVersion '${defaultVersion.version}' is a version of service '${defaultVersion.service.name}', not of '${service.name}'; pass one of its own.`,
      );
    }
    checkTarget(this.at('defaultVersion'), service, defaultVersion);
    checkForward(this.at(what), defaultVersion, undefined, options);
    // Asked for already now: that the name cannot be known from here is to be said here, and not at synthesis.
    service.hostFrom(this.namespace);
    const byDefault: Forward = { kind: 'forward', version: defaultVersion, options };
    const rule: Rule = { name: options.name, service, action: byDefault };
    const table = { service, isAtGateway, mount, rules: [], byDefault, defaultRoute: Route._of(this, rule) };
    this.checkReach(this.at(what), table, rule);
    return table;
  }

  private checkMatch(method: string, match: RequestMatch, example: string): void {
    if (!RequestMatch._is(match)) {
      refuse(
        this,
        `${method}: ${show(match)} is not a match, and a rule without one would take every request; write one, as in ${example}.`,
      );
    }
  }

  private routedTable(method: string, service: VersionedService | undefined): RouteTable {
    const table = service === undefined ? this.own : this.tables.get(service);
    if (table === undefined) {
      refuse(
        this,
        `${method}: service '${service?.name}' is not routed by this mesh (it routes ${this.routed()}); add it with addService first.`,
      );
    }
    return table;
  }

  private checkMountable({ what }: OptionPlace, mount: Mount | undefined): void {
    if (mount === undefined) {
      return;
    }
    if (this.traffic === TrafficSource.MESH) {
      refuse(this, `${what}.paths are for the gateway, and traffic is MESH, which passes none; leave them out.`);
    }
    const [lane] = [...this.lanes].find(([, hasEntry]) => hasEntry) ?? [];
    if (lane !== undefined) {
      refuse(
        this,
        `${what}.paths: lane '${lane}' was added before, and its entry would not act there; add services first, and lanes then.`,
      );
    }
  }

  private checkAllHosts(service: VersionedService): void {
    checkHosts(this, this.hosts, this.traffic);
    const isInside = this.traffic !== TrafficSource.GATEWAY;
    checkOverlaps(this, isInside ? [...this.hosts, service.hostFrom(this.namespace)] : this.hosts);
  }

  /** What is registered at the root, which no refusal takes away again. */
  private watch({ checks = true, service }: HeaderRoutedMeshProps): void {
    const [virtualService] = this.routeObjects;
    putInOrder(this.gateway, service, virtualService);
    if (this.gateway !== undefined) {
      expectServed(this, this.hosts, this.gateway);
    }
    addValidation(this, () => complaintsAbout([...this.tables.values()]));
    watchForDuplicates(this);
    if (checks) {
      checkAtSynth(this, service.clusterDomain);
    }
  }

  private at(what: string): OptionPlace {
    return { scope: this, what };
  }

  private routed(): string {
    return [...this.tables.keys()].map((service) => `'${service.name}'`).join(', ');
  }
}
