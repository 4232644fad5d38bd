/*
 * What changes the configuration of proxies after Istio has made it: EnvoyFilter, WasmPlugin and TrafficExtension. Nobody here knows
 * what they do to a request, only which proxies, listeners, hosts and clusters they are for.
 */
import { ISTIO_RELEASE } from '../istio/release';
import type { Node, StringMap } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import { Re2 } from '../syntax/re2';
import { selects } from './workload';

/** The part of a proxy that takes a request. */
export type ProxySide = 'GATEWAY' | 'SIDECAR_OUTBOUND' | 'SIDECAR_INBOUND';

/** One patch of an EnvoyFilter, or a whole extension. */
export interface ProxyPatch {
  readonly object: MeshObject;
  readonly path: string;
  /** As EnvoyFilter calls it; an extension is a filter. */
  readonly applyTo: string;
  readonly sides: readonly ProxySide[];
  readonly adds: boolean;
  /** Ports that a listener or a table of routes must have; none for all. */
  readonly ports: readonly number[];
  /** Of HTTP and of network filters: which listeners. */
  readonly listener: { readonly name?: string; readonly sni?: string; readonly filter?: string };
  /** Of routes: which tables, and which virtual hosts in them. */
  readonly routes: { readonly gateway?: string; readonly host?: string; readonly domain?: string };
  readonly cluster: {
    readonly name?: string;
    readonly service?: string;
    readonly subset?: string;
    readonly port?: number;
  };
  /** The hosts of a virtual host that it adds. */
  readonly domains: readonly string[];
}

/** A label of the pods that Istio starts for a Gateway of the Gateway API: its name. */
export const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

export const EXTENSION_KINDS: readonly string[] = ['WasmPlugin', 'TrafficExtension'];

/**
 * Whether an object is in force for a proxy with these labels in one of these namespaces: by selector, from the same namespace or the
 * root namespace; by targetRefs only for pods of the Gateway API (`ShouldAttachPolicy`).
 *
 * @param isGiven whether the pods are among the manifests. Where they are not, a selector that they match may be in any namespace
 */
export function isInForce(
  { node, namespace }: MeshObject,
  labels: StringMap,
  namespaces: readonly string[],
  isGiven: boolean,
): boolean {
  const spec = node.get('spec');
  const targets = [...spec.get('targetRefs').maps(), ...(spec.get('targetRef').present ? [spec.get('targetRef')] : [])];
  const gateway = labels.get(GATEWAY_NAME);
  if (targets.length > 0) {
    const isTarget = (ref: Node) => ref.get('kind').string() === 'Gateway' && ref.get('name').string() === gateway;
    return gateway !== undefined && namespaces.includes(namespace) && targets.some(isTarget);
  }
  const selector = selectorOf(spec);
  return (namespaces.includes(namespace) || (!isGiven && selector.size > 0)) && selects(selector, labels);
}

function selectorOf(spec: Node): StringMap {
  const ofFilter = spec.get('workloadSelector').get('labels').stringMap();
  return ofFilter.size > 0 ? ofFilter : spec.get('selector').get('matchLabels').stringMap();
}

export function patchesOf(object: MeshObject): readonly ProxyPatch[] {
  const spec = object.node.get('spec');
  return object.kind === 'EnvoyFilter'
    ? spec
        .get('configPatches')
        .maps()
        .flatMap((patch) => readPatch(object, patch))
    : readExtension(object, spec);
}

/** None where it does nothing: without an operation, without a value to add, or for proxies of another release. */
function readPatch(object: MeshObject, patch: Node): readonly ProxyPatch[] {
  const match = patch.get('match');
  const operation = patch.get('patch').get('operation').string() ?? 'INVALID';
  const value = patch.get('patch').get('value');
  const isEmpty = operation === 'INVALID' || (operation !== 'REMOVE' && value.entries().length === 0);
  if (isEmpty || !isForRelease(match.get('proxy').get('proxyVersion').string())) {
    return [];
  }
  const applyTo = patch.get('applyTo').string() ?? '';
  const context = match.get('context').string() ?? 'ANY';
  const isAboutRoutes = ROUTES.has(applyTo);
  const [listener, routes, cluster] = ['listener', 'routeConfiguration', 'cluster'].map((part) => match.get(part));
  const chain = listener.get('filterChain');
  const part = isAboutRoutes ? routes : listener;
  const name = part.get('name').text();
  const adds = ADDS.has(operation);
  return [
    {
      object,
      path: patch.path,
      applyTo,
      sides: SIDES.filter((side) => context === 'ANY' || context === side),
      adds,
      ports: [
        part.get('portNumber').number() || undefined,
        portIn(name),
        adds ? portOfListener(value) : undefined,
      ].filter((port) => port !== undefined),
      listener: {
        name: isAboutRoutes ? undefined : name,
        sni: chain.get('sni').text(),
        filter: chain.get('filter').get('name').text(),
      },
      routes: {
        gateway: routes.get('gateway').text() ?? routes.get('portName').text(),
        host: routes.get('vhost').get('name').text(),
        domain: routes.get('vhost').get('domainName').text(),
      },
      cluster: {
        name: cluster.get('name').text(),
        service: cluster.get('service').text(),
        subset: cluster.get('subset').text(),
        port: cluster.get('portNumber').number() || undefined,
      },
      domains: value.get('domains').strings(),
    },
  ];
}

/** What is said of routes. */
export const ROUTES: ReadonlySet<string> = new Set(['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE']);

const ADDS: ReadonlySet<string> = new Set(['ADD', 'INSERT_FIRST', 'INSERT_BEFORE', 'INSERT_AFTER']);
const SIDES: readonly ProxySide[] = ['GATEWAY', 'SIDECAR_OUTBOUND', 'SIDECAR_INBOUND'];

/** `0.0.0.0_80` of listeners; `80`, `http.80`, `https.443.name.gateway.namespace` and `host:80` of routes. */
function portIn(name: string = ''): number | undefined {
  const port = /_(\d+)$/.exec(name) ?? /^(?:https?\.|.*:)?(\d+)(?:\.|$)/.exec(name);
  return port === null ? undefined : Number(port[1]);
}

/** Of a listener that is added. Envoy knows its fields by both spellings. */
function portOfListener(value: Node): number | undefined {
  const address = value.get('address');
  const socket = [address.get('socket_address'), address.get('socketAddress')].find(({ present }) => present);
  return socket?.get('port_value').number() ?? socket?.get('portValue').number();
}

/** Releases of Istio's that a version of the proxy may be. */
const RELEASES = Array.from({ length: 40 }, (_, patch) => ISTIO_RELEASE.replace(/\d+$/, String(patch)));

/** Patches are kept for releases that nobody runs any more. */
function isForRelease(pattern: string | undefined): boolean {
  if (pattern === undefined || pattern === '') {
    return true;
  }
  try {
    const found = Re2.compile(`(?s:.*)(?:${pattern})(?s:.*)`);
    return RELEASES.some((release) => found.fullMatch(release));
  } catch {
    return true;
  }
}

function readExtension(object: MeshObject, spec: Node): readonly ProxyPatch[] {
  const matches = spec.get('match').maps();
  const wasm = object.kind === 'WasmPlugin' ? spec : spec.get('wasm');
  const applyTo = wasm.get('type').string() === 'NETWORK' ? 'NETWORK_FILTER' : 'HTTP_FILTER';
  const common = { object, applyTo, adds: true, listener: {}, routes: {}, cluster: {}, domains: [] };
  return matches.length === 0
    ? [{ ...common, path: '', sides: SIDES, ports: [] }]
    : matches.flatMap((match) => {
        const mode = match.get('mode').string();
        const sides = SIDES.filter(
          (side) => (mode !== 'CLIENT' && mode !== 'SERVER') || (mode === 'SERVER') === (side === 'SIDECAR_INBOUND'),
        );
        const ports = match
          .get('ports')
          .maps()
          .map((port) => [port.get('number').number() ?? 0]);
        return (ports.length === 0 ? [[]] : ports).map((one) => ({ ...common, path: match.path, sides, ports: one }));
      });
}
