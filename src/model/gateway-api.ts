/*
 * The Kubernetes Gateway API and Ingress, as far as it must be known what they are about: which gateways serve which hosts on which
 * ports, which Services of the mesh have routes of their own, and where all of these lead. What their rules do is not read.
 */
import type { Node, StringMap } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import { append, groupBy } from '../syntax/grouping';
import { intersectHosts } from '../syntax/hosts';
import type { MeshModel } from './model';
import { serviceHost } from './naming';
import { perMesh } from './per-mesh';

const GATEWAY_API: readonly string[] = ['gateway.networking.k8s.io', 'gateway.networking.x-k8s.io'];
const ROUTE_KINDS: readonly string[] = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'];
const LISTENER_SETS: readonly string[] = ['ListenerSet', 'XListenerSet'];

/** Of the usual installations, and of all that set nothing else: what Ingress applies to (`getIngressGatewaySelector`). */
const INGRESS_SELECTOR: StringMap = new Map([['istio', 'ingressgateway']]);

/** What a gateway serves. */
export interface UnreadGateway {
  /** Its Gateway; an Ingress has none. */
  readonly object?: MeshObject;
  /** By each port that it opens and each host that it has routes for, the object with the first of them. */
  readonly ports: ReadonlyMap<number, ReadonlyMap<string, MeshObject>>;
  /** Of one without pods of its own, the labels of those that serve it. */
  readonly selector?: StringMap;
  /** Of one without pods of its own, the hosts of the Services in front of those that serve it. */
  readonly services?: readonly string[];
}

/** A route of the mesh: sidecars follow it instead of a VirtualService. */
export interface UnreadMeshRoute {
  readonly object: MeshObject;
  /** For which it holds; for a route of another namespace than the service's, only its own clients follow it. */
  readonly clients?: string;
  readonly port?: number;
  readonly readsHttp: boolean;
}

interface Parent {
  readonly kind: string;
  readonly ref: string;
  readonly port?: number;
  readonly section?: string;
}

interface Route {
  readonly object: MeshObject;
  readonly hosts: readonly string[];
  readonly parents: readonly Parent[];
}

export class GatewayApi {
  public readonly gateways: readonly UnreadGateway[];
  /** By the host of the Service or ServiceEntry. */
  public readonly meshRoutes: ReadonlyMap<string, readonly UnreadMeshRoute[]>;
  /** Hosts of Services to which routes and Ingresses lead. */
  public readonly destinations: ReadonlySet<string>;
  /** Hosts of the Services that Istio makes for Gateways, and what makes them. */
  public readonly generated: ReadonlyMap<string, MeshObject>;

  public constructor(private readonly mesh: MeshModel) {
    const routes = ROUTE_KINDS.flatMap((kind) => objectsOf(mesh, kind)).map(readRoute);
    const ingresses = ingressesOf(mesh);
    const kubernetes = objectsOf(mesh, 'Gateway');
    const managed = kubernetes.filter(
      (object) => isIstioClass(mesh, object) && namedServices(object, mesh).length === 0,
    );
    const attached = attachedRoutes(routes);
    const sets = groupBy(
      LISTENER_SETS.flatMap((kind) => objectsOf(mesh, kind)),
      (object) => readParent(object.node.get('spec').get('parentRef'), object.namespace).ref,
    );
    this.gateways = [
      ...kubernetes
        .filter((object) => !isWaypoint(mesh, object))
        .map((object) => readGateway(object, mesh, attached, sets)),
      ...(ingresses.length === 0 ? [] : [{ selector: INGRESS_SELECTOR, ports: portsOfIngresses(ingresses) }]),
    ];
    this.meshRoutes = this.readMeshRoutes(routes);
    this.destinations = new Set([
      ...routes.flatMap(({ object }) => backendsOf(object, mesh)),
      ...ofKind(mesh, 'Ingress').flatMap((object) => backendsOfIngress(object, mesh)),
    ]);
    this.generated = new Map(managed.map((object) => [generatedHost(object, mesh), object]));
  }

  private readMeshRoutes(routes: readonly Route[]): ReadonlyMap<string, readonly UnreadMeshRoute[]> {
    const found = new Map<string, UnreadMeshRoute[]>();
    for (const { object, parents } of routes) {
      const readsHttp = object.kind === 'HTTPRoute' || object.kind === 'GRPCRoute';
      for (const { kind, ref, port } of parents) {
        const [namespace, name] = ref.split('/');
        const clients = namespace === object.namespace ? undefined : object.namespace;
        for (const host of this.hostsCalled(kind, namespace, name)) {
          append(found, host.toLowerCase(), { object, clients, port, readsHttp });
        }
      }
    }
    return found;
  }

  private hostsCalled(kind: string, namespace: string, name: string): readonly string[] {
    if (kind === 'Service') {
      return [serviceHost(name, namespace, this.mesh.clusterDomain)];
    }
    return kind !== 'ServiceEntry'
      ? []
      : this.mesh.serviceEntries
          .filter(({ object }) => object.namespace === namespace && object.name === name)
          .flatMap(({ hosts }) => hosts);
  }
}

export const gatewayApiOf = perMesh((mesh) => new GatewayApi(mesh));

/** Whether an object is of a group that is not read. An Ingress for another controller than Istio is none of the mesh. */
export function isUnread(mesh: MeshModel, object: MeshObject): boolean {
  const { kind, group } = object;
  return kind === 'Ingress'
    ? isForIstio(mesh, object)
    : GATEWAY_API.includes(group) || (kind !== 'Gateway' && group.endsWith('.istio.io'));
}

function objectsOf(mesh: MeshModel, kind: string): readonly MeshObject[] {
  return mesh.ofKind(kind).filter(({ group }) => GATEWAY_API.includes(group));
}

function ofKind(mesh: MeshModel, kind: string): readonly MeshObject[] {
  return mesh.ofKind(kind).filter(({ group }) => group === 'networking.k8s.io' || group === 'extensions');
}

function readRoute(object: MeshObject): Route {
  const spec = object.node.get('spec');
  const hosts = spec.get('hostnames').strings();
  return {
    object,
    hosts: hosts.length === 0 ? ['*'] : hosts.map((host) => host.toLowerCase()),
    parents: spec
      .get('parentRefs')
      .maps()
      .map((ref) => readParent(ref, object.namespace)),
  };
}

function readParent(ref: Node, namespace: string): Parent {
  return {
    kind: ref.get('kind').text() ?? 'Gateway',
    ref: `${ref.get('namespace').text() ?? namespace}/${ref.get('name').string() ?? ''}`,
    port: ref.get('port').number(),
    section: ref.get('sectionName').text(),
  };
}

interface Attached {
  readonly route: Route;
  readonly parent: Parent;
}

/** By what they are attached to. */
function attachedRoutes(routes: readonly Route[]): ReadonlyMap<string, readonly Attached[]> {
  return groupBy(
    routes.flatMap((route) => route.parents.map((parent) => ({ route, parent }))),
    ({ parent }) => `${parent.kind} ${parent.ref}`,
  );
}

function readGateway(
  object: MeshObject,
  mesh: MeshModel,
  attached: ReadonlyMap<string, readonly Attached[]>,
  sets: ReadonlyMap<string, readonly MeshObject[]>,
): UnreadGateway {
  const ref = `${object.namespace}/${object.name}`;
  const ports = new Map<number, Map<string, MeshObject>>();
  for (const owner of [object, ...(sets.get(ref) ?? [])]) {
    // A route of the Gateway is one of its own listeners only.
    const kinds = owner === object ? ['Gateway'] : LISTENER_SETS;
    const routes = kinds.flatMap((kind) => attached.get(`${kind} ${owner.namespace}/${owner.name}`) ?? []);
    for (const listener of owner.node.get('spec').get('listeners').maps()) {
      addListener(listener, routes, ports);
    }
  }
  const services = isIstioClass(mesh, object) ? namedServices(object, mesh) : [];
  return { object, ports, services: services.length === 0 ? undefined : services };
}

function addListener(listener: Node, routes: readonly Attached[], ports: Map<number, Map<string, MeshObject>>): void {
  const port = listener.get('port').number() ?? 0;
  const name = listener.get('name').string();
  const hosts = ports.get(port) ?? new Map<string, MeshObject>();
  ports.set(port, hosts);
  for (const { route, parent } of routes) {
    if ((parent.port ?? port) === port && (parent.section ?? name) === name) {
      const own = listener.get('hostname').text()?.toLowerCase() ?? '*';
      for (const host of intersectHosts([own], route.hosts)) {
        hosts.set(host, hosts.get(host) ?? route.object);
      }
    }
  }
}

/** By the name of its class, or by the controller of the class where the manifests contain it. */
function controllerOf(mesh: MeshModel, { node }: MeshObject): string {
  const name = node.get('spec').get('gatewayClassName').string() ?? '';
  const known = objectsOf(mesh, 'GatewayClass').find((object) => object.name === name);
  const usual =
    name === 'istio-waypoint' ? MESH_CONTROLLER : /^istio(-|$)/.test(name) ? 'istio.io/gateway-controller' : '';
  return known?.node.get('spec').get('controllerName').string() ?? usual;
}

const MESH_CONTROLLER = 'istio.io/mesh-controller';

function isIstioClass(mesh: MeshModel, object: MeshObject): boolean {
  return controllerOf(mesh, object).startsWith('istio.io/');
}

function isWaypoint(mesh: MeshModel, object: MeshObject): boolean {
  return controllerOf(mesh, object) === MESH_CONTROLLER;
}

/** The Services whose pods serve a Gateway, where it names some; else Istio starts pods of its own (`extractGatewayServices`). */
function namedServices({ node, namespace }: MeshObject, mesh: MeshModel): readonly string[] {
  const addresses = node.get('spec').get('addresses').maps();
  return addresses
    .filter((address) => address.get('type').string() === 'Hostname')
    .map((address) => address.get('value').string() ?? '')
    .map((host) => (host.includes('.') ? host : serviceHost(host, namespace, mesh.clusterDomain)));
}

/** `GetDefaultName` */
function generatedHost({ name, namespace, annotations, node }: MeshObject, mesh: MeshModel): string {
  const written = annotations.get('gateway.istio.io/name-override');
  const gatewayClass = node.get('spec').get('gatewayClassName').string() ?? '';
  return serviceHost(written ?? `${name}-${gatewayClass}`, namespace, mesh.clusterDomain);
}

function backendsOf({ node, namespace }: MeshObject, mesh: MeshModel): readonly string[] {
  const rules = node.get('spec').get('rules').maps();
  return rules
    .flatMap((rule) => [
      ...rule.get('backendRefs').maps(),
      ...rule
        .get('filters')
        .maps()
        .map((filter) => filter.get('requestMirror').get('backendRef')),
    ])
    .filter((ref) => ref.present && (ref.get('kind').text() ?? 'Service') === 'Service')
    .map((ref) =>
      serviceHost(ref.get('name').string() ?? '', ref.get('namespace').text() ?? namespace, mesh.clusterDomain),
    );
}

function backendsOfIngress({ node, namespace }: MeshObject, mesh: MeshModel): readonly string[] {
  const spec = node.get('spec');
  const paths = spec
    .get('rules')
    .maps()
    .flatMap((rule) => rule.get('http').get('paths').maps());
  return [...paths.map((path) => path.get('backend')), spec.get('defaultBackend'), spec.get('backend')]
    .flatMap((backend) => [
      backend.get('service').present ? backend.get('service').get('name').string() : undefined,
      backend.present ? backend.get('serviceName').string() : undefined,
    ])
    .filter((name) => name !== undefined)
    .map((name) => serviceHost(name, namespace, mesh.clusterDomain));
}

function ingressesOf(mesh: MeshModel): readonly MeshObject[] {
  return ofKind(mesh, 'Ingress').filter((object) => isForIstio(mesh, object));
}

/** Modes in which istiod looks at annotations. */
const PROCESSING: ReadonlySet<string> = new Set(['STRICT', 'DEFAULT']);
const INGRESS_CONTROLLER = 'istio.io/ingress-controller';

/**
 * `shouldProcessIngressWithClass`. The API server gives one that names no class the default class, which is Istio's only where the
 * manifests say so.
 */
function isForIstio(mesh: MeshModel, { annotations, node }: MeshObject): boolean {
  const { ingressClass, ingressMode } = mesh.meshConfig;
  const annotated = annotations.get('kubernetes.io/ingress.class');
  if (annotated !== undefined) {
    return PROCESSING.has(ingressMode) && annotated === ingressClass;
  }
  const name = node.get('spec').get('ingressClassName').text();
  const classes = ofKind(mesh, 'IngressClass');
  const isDefault = ({ annotations: own }: MeshObject) =>
    own.get('ingressclass.kubernetes.io/is-default-class') === 'true';
  const found = classes.find((object) => (name === undefined ? isDefault(object) : object.name === name));
  return found === undefined
    ? name === 'istio' || (name === undefined && ingressMode === 'DEFAULT')
    : found.node.get('spec').get('controller').string() === INGRESS_CONTROLLER;
}

/** For each, Istio opens 80 for all hosts, and 443 for those that have a Secret (`convertIngressV1alpha3`). */
function portsOfIngresses(ingresses: readonly MeshObject[]): ReadonlyMap<number, ReadonlyMap<string, MeshObject>> {
  const plain = new Map<string, MeshObject>();
  const secure = new Map<string, MeshObject>();
  for (const object of ingresses) {
    const spec = object.node.get('spec');
    const hosts = spec
      .get('rules')
      .maps()
      .map((rule) => rule.get('host').text()?.toLowerCase() ?? '*');
    const hasDefault = spec.get('defaultBackend').present || spec.get('backend').present;
    const served = hasDefault ? [...hosts, '*'] : hosts;
    const certified = spec
      .get('tls')
      .maps()
      .filter((tls) => tls.get('secretName').text() !== undefined)
      .flatMap((tls) => (tls.get('hosts').present ? tls.get('hosts').strings() : ['*']));
    for (const host of served) {
      plain.set(host, plain.get(host) ?? object);
    }
    for (const host of intersectHosts(served, certified)) {
      secure.set(host, secure.get(host) ?? object);
    }
  }
  return new Map([[80, plain], ...(secure.size === 0 ? [] : [[443, secure] as const])]);
}
