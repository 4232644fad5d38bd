/*
 * What a HeaderRoutedMesh is made of.
 */
import { GATEWAY, type GatewayOptions } from '../gateway/gateway-options';
import type { IIngressGateway } from '../gateway/ingress-gateway-ref';
import { METADATA_FIELDS, type MetadataOptions } from '../objects/object-options';
import { RoutingApi } from '../objects/routing-api';
import { flag, list, made, oneOf, required, Struct, text } from '../objects/struct';
import { CALLERS, type ICaller } from '../security/caller';
import type { MeshSecurity } from '../security/mesh-security';
import { SECURITY } from '../security/secure-service';
import type { ServiceVersion } from '../workload/service-version';
import type { VersionedService } from '../workload/versioned-service';
import type { RequestMatch } from './request-match';
import { DEFAULT_ROUTE, match, service, version } from './route-option-tables';
import type { DefaultRouteOptions } from './route-options';
import { TrafficSource } from './traffic-source';

/**
 * What a HeaderRoutedMesh is made of.
 */
export interface HeaderRoutedMeshProps extends MetadataOptions {
  /**
   * The name of the VirtualService and, unless `gatewayOptions` says otherwise, of the Gateway.
   *
   * @default - the id of the construct
   */
  readonly name?: string;

  /**
   * The namespace of all objects.
   *
   * @default - the chart's
   */
  readonly namespace?: string;

  /**
   * The service whose versions are routed to.
   */
  readonly service: VersionedService;

  /**
   * The version for what matches no rule. There is no default for it: without one, such requests would get a 404.
   */
  readonly defaultVersion: ServiceVersion;

  /**
   * What the default route does beside leading to that version.
   *
   * @default - nothing
   */
  readonly defaultRoute?: DefaultRouteOptions;

  /**
   * The hosts that clients ask for, as in `apis.example.com` or `*.example.com`, or `*` for all at a gateway. Inside the
   * mesh the name of the service is always one of them.
   *
   * @default - none; required unless `traffic` is `TrafficSource.MESH`
   */
  readonly hosts?: string[];

  /**
   * Where the requests come from.
   *
   * @default TrafficSource.GATEWAY
   */
  readonly traffic?: TrafficSource;

  /**
   * A Gateway that is there already or that several meshes share.
   *
   * @default - the mesh makes one
   */
  readonly gateway?: IIngressGateway;

  /**
   * The Gateway that the mesh makes. Excludes `gateway`.
   *
   * @default - an HTTP server on port 80 of the pods labelled `istio: ingressgateway`
   */
  readonly gatewayOptions?: GatewayOptions;

  /**
   * The API in which the Gateway and the routes are written.
   *
   * @default RoutingApi.ISTIO_V1
   */
  readonly api?: RoutingApi;

  /**
   * Who may call the services of the mesh, and how that is enforced.
   *
   * @default - nothing is enforced
   */
  readonly security?: MeshSecurity;

  /**
   * Who calls the mesh's service from inside the mesh. Asks for `security`.
   *
   * @default - nobody but the gateway
   */
  readonly callers?: ICaller[];

  /**
   * Whether synthesis checks all manifests of the app for routes that cannot work: errors fail it, warnings are shown on
   * standard error. An app is checked where any of its meshes asks for it.
   *
   * @default true
   */
  readonly checks?: boolean;
}

/**
 * Another service under the same mesh.
 */
export interface MeshServiceOptions extends MetadataOptions {
  /**
   * The name of its VirtualService.
   *
   * @default - the name of the service
   */
  readonly name?: string;

  /**
   * The version for what matches no rule.
   */
  readonly defaultVersion: ServiceVersion;

  /**
   * What its default route does beside leading to that version.
   *
   * @default - nothing
   */
  readonly defaultRoute?: DefaultRouteOptions;

  /**
   * Paths of the mesh's hosts that lead to the service, at the gateway: `/cart` stands for `/cart` and all below it, not for
   * `/carts`. Of several services the one with the longest path gets a request. With `TrafficSource.GATEWAY_AND_MESH`, requests
   * of workloads to those hosts then go through the gateway.
   *
   * @default - none: the service is reached from inside the mesh only
   */
  readonly paths?: string[];

  /**
   * What takes the place of such a path before the app sees it; '/' takes it away. Each PathMatch in rules of the service then
   * is about the path as the app sees it, at the gateway too.
   *
   * @default - the app sees the whole path
   */
  readonly rewritePath?: string;

  /**
   * Who calls the service from inside the mesh. Asks for `security` of the mesh.
   *
   * @default - nobody but the gateway, where it has paths
   */
  readonly callers?: ICaller[];
}

/**
 * A lane: one key that carries a request through a chain of services.
 */
export interface LaneOptions {
  /**
   * The key: HeaderMatch.exact, or HeaderMatch.baggage. Every app on the way has to pass that header on; no proxy does.
   */
  readonly match: RequestMatch;

  /**
   * The versions of the lane, at most one a service. A service without one answers by its default version.
   */
  readonly versions: ServiceVersion[];

  /**
   * What puts a request on the lane at the gateway, which then adds the key: to requests for every service that it leads to,
   * so add services with `paths` before.
   *
   * @default - clients send the key themselves
   */
  readonly entry?: RequestMatch;
}

const defaultVersion = required(version, 'what matches no rule would get a 404: pass what addVersion returned');

/** What a gateway is, is said where it is read. */
const gateway = made<IIngressGateway>(() => true, '');

export const MESH = new Struct<HeaderRoutedMeshProps>('{ hosts: […], service: …, defaultVersion: … }', {
  ...METADATA_FIELDS,
  name: text,
  namespace: text,
  service: required(service, 'make a VersionedService and pass it'),
  defaultVersion,
  defaultRoute: DEFAULT_ROUTE,
  hosts: list(text, "['apis.example.com']"),
  traffic: oneOf(TrafficSource),
  gateway,
  gatewayOptions: GATEWAY,
  api: oneOf(RoutingApi),
  security: SECURITY,
  callers: CALLERS,
  checks: flag,
});

export const MESH_SERVICE = new Struct<MeshServiceOptions>('{ defaultVersion: … }', {
  ...METADATA_FIELDS,
  name: text,
  defaultVersion,
  defaultRoute: DEFAULT_ROUTE,
  paths: list(text, "['/cart']"),
  rewritePath: text,
  callers: CALLERS,
});

export const LANE = new Struct<LaneOptions>('{ match: …, versions: […] }', {
  match: required(match, "name the key, as in HeaderMatch.exact('x-lane', 'beta')"),
  versions: required(list(version, "[service.version('beta')]"), "name them, as in [service.version('beta')]"),
  entry: match,
});
