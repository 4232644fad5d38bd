/*
 * What reasons ask of Gateways, of their pods and of the Services in front of those.
 */
import type { Manifest } from '../manifest';
import { type Context, found, namedIn, nameOf, namespaceOf, spec } from './message-context';

interface WrittenServer {
  readonly port: { readonly number: number; readonly protocol: string };
  readonly hosts: readonly string[];
  readonly tls?: { readonly credentialName?: string; readonly mode?: string; readonly httpsRedirect?: boolean };
}

interface Labels {
  readonly [key: string]: string;
}

/** Whether the Gateways of the message give one certificate to HTTPS servers of one port and of different hosts, of which none is left out. */
export function isReusedByBrowsers(context: Context): boolean {
  const [ours = [], theirs = []] = namedIn(context, /\[(\S+) (\S+)\]/).map((gateway) =>
    inForce(context, gateway).filter(
      ({ port, tls }) => port.protocol.toUpperCase() === 'HTTPS' && tls?.credentialName !== undefined,
    ),
  );
  return ours.some((one) =>
    theirs.some(
      (other) =>
        one.port.number === other.port.number &&
        one.tls?.credentialName === other.tls?.credentialName &&
        !one.hosts.some((host) => other.hosts.includes(host)),
    ),
  );
}

/** The servers of a Gateway that no conflict leaves out. */
function inForce({ findings }: Context, gateway: Manifest): readonly WrittenServer[] {
  return serversOf(gateway)
    .filter(
      (_, index) =>
        !findings.some(
          (finding) =>
            finding.check === 'gateway-conflict' &&
            `${finding.namespace}/${finding.name}` === nameOf(gateway) &&
            finding.path === `spec.servers[${index}]`,
        ),
    )
    .map((server) => ({ ...server, hosts: hostsOf(gateway, server) }));
}

/** With the namespaces for which they are: '.' is the Gateway's own, and '*' says nothing. */
function hostsOf(gateway: Manifest, { hosts }: WrittenServer): readonly string[] {
  return hosts.map((host) => host.replace(/^\*\//, '').replace(/^\.\//, `${namespaceOf(gateway)}/`));
}

function serversOf(gateway: Manifest): readonly WrittenServer[] {
  return (gateway.spec as { servers?: readonly WrittenServer[] }).servers ?? [];
}

/** Whether the servers of the message that share a host get along: plain HTTP is put together, and TLS told from plain text. */
export function getAlong(context: Context): boolean {
  const [, names = '', port, hosts = ''] =
    /gateways (\S+) \(workload selector \S*, port (\d+), hosts (\S*)\)/.exec(context.message.message) ?? [];
  const onPort = (gateway: Manifest) =>
    serversOf(gateway).flatMap((server) =>
      String(server.port.number) === port
        ? [{ server, written: server.hosts.join(), hosts: hostsOf(gateway, server) }]
        : [],
    );
  const own = (context.object === undefined ? [] : onPort(context.object)).filter(({ written }) => written === hosts);
  const theirs = context.manifests
    .filter((each) => each.kind === 'Gateway' && names.split(',').includes(nameOf(each)))
    .flatMap(onPort);
  return own.every((one) =>
    theirs.every(
      (other) => !one.hosts.some((host) => other.hosts.includes(host)) || doGetAlong(one.server, other.server),
    ),
  );
}

function doGetAlong(one: WrittenServer, other: WrittenServer): boolean {
  return isTls(one) !== isTls(other) || (!isTls(one) && isHttp(one) && isHttp(other));
}

function isTls({ port, tls }: WrittenServer): boolean {
  return ['HTTPS', 'TLS'].includes(port.protocol.toUpperCase()) && tls !== undefined && tls.httpsRedirect !== true;
}

function isHttp({ port: { protocol } }: WrittenServer): boolean {
  return ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'].includes(protocol.toUpperCase());
}

/** Workloads whose pods are gateways that obey the Gateway; all that are gateways, without one. */
export function gatewayPods(manifests: readonly Manifest[], gateway?: Manifest): readonly Manifest[] {
  const selector = ((gateway?.spec ?? {}) as { selector?: Labels }).selector ?? {};
  return manifests.filter((each) => {
    const pod = podOf(each);
    return (
      pod?.containers.some(({ name }) => name === 'istio-proxy') &&
      Object.entries(selector).every(([key, value]) => pod.labels[key] === value)
    );
  });
}

interface Pod {
  readonly labels: Labels;
  readonly hostNetwork: boolean;
  readonly containers: readonly {
    readonly name: string;
    readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  }[];
}

function podOf({ kind, metadata, spec: of }: Manifest): Pod | undefined {
  const template = (of as { template?: { metadata?: { labels?: Labels }; spec?: unknown } } | undefined)?.template;
  const pod = kind === 'Pod' ? of : template?.spec;
  const { containers = [], hostNetwork = false } = (pod ?? {}) as Partial<Pod>;
  const labels = (kind === 'Pod' ? (metadata as { labels?: Labels }).labels : template?.metadata?.labels) ?? {};
  return pod === undefined ? undefined : { labels, hostNetwork, containers };
}

interface WrittenPort {
  readonly port: number;
  readonly targetPort?: number | string;
}

/** Whether a client gets to the port of the message: no Service stands in front of the pods, or one leads to it. */
export function isReachable(context: Context): boolean {
  const port = Number(/\(port (\d+)\)/.exec(context.message.message)?.[1]);
  const pods = gatewayPods(context.manifests, context.object);
  const services = pods.flatMap((workload) =>
    servicesOf(context.manifests, workload).map((ports) => ({ ports, workload })),
  );
  return (
    services.length === 0 ||
    pods.some((workload) => podOf(workload)?.hostNetwork === true) ||
    services.some(({ ports, workload }) =>
      ports.some((each) => each.port === port || numberOf(each, workload) === port),
    )
  );
}

function servicesOf(manifests: readonly Manifest[], workload: Manifest): readonly (readonly WrittenPort[])[] {
  const labels = podOf(workload)?.labels ?? {};
  return manifests.flatMap((each) => {
    const { ports = [], selector } = (each.spec ?? {}) as { ports?: readonly WrittenPort[]; selector?: Labels };
    return each.kind === 'Service' &&
      namespaceOf(each) === namespaceOf(workload) &&
      selector !== undefined &&
      Object.entries(selector).every(([key, value]) => labels[key] === value)
      ? [ports]
      : [];
  });
}

function numberOf({ port, targetPort = port }: WrittenPort, workload: Manifest): number | undefined {
  const ports = (podOf(workload)?.containers ?? []).flatMap((container) => container.ports ?? []);
  return typeof targetPort === 'number' ? targetPort : ports.find(({ name }) => name === targetPort)?.containerPort;
}

/** Whether nobody can say that pods with the labels are missing: it is no gateway, or no gateway's pods are given. */
export function hasUnknownPods(context: Context): boolean {
  return context.object?.kind !== 'Gateway' || gatewayPods(context.manifests).length === 0;
}

/** Whether nothing of the VirtualService is in force at any of its gateways, which a check says. */
export function isServedNowhere(context: Context): boolean {
  const { gateways = ['mesh'] } = spec(context) as { gateways?: readonly string[] };
  return (
    !gateways.includes('mesh') &&
    found(context, 'host-not-in-gateway', 'http-routes-on-tcp-server', 'gateway-not-found')
  );
}
