/*
 * What clients and backends spoke, and what had the proxy speak so to the backend, in the words of the tables.
 */
import type { Compared } from './differences';
import { isGrpcCall } from './grpc-status';
import type { Manifest } from './manifest';

export function speechOf({ ask, seen, decision }: Compared, manifests: readonly Manifest[]): readonly string[] {
  const received = seen.kind === 'http' ? seen.received : undefined;
  const client = ask.httpVersion === '2' ? `HTTP/2 ${ask.scheme === 'https' ? 'over TLS' : 'in clear'}` : 'HTTP/1.1';
  const isGrpc = isGrpcCall(ask);
  return [
    `from the client ${client}`,
    ...(received?.httpVersion === undefined ? [] : [`to the backend HTTP/${received.httpVersion}`]),
    ...(isGrpc ? ['gRPC'] : []),
    ...(isGrpc && received !== undefined ? ['gRPC answered by a backend'] : []),
    ...(decision.grpcStatus === undefined ? [] : [`grpc-status ${decision.grpcStatus}`]),
    ...(received === undefined ? [] : reasonsFor(decision, manifests)),
  ];
}

/** Of requests with one destination, what the manifests say about how that is spoken to. */
function reasonsFor({ destinations }: Compared['decision'], manifests: readonly Manifest[]): readonly string[] {
  const [destination, ...others] = destinations;
  if (destination === undefined || others.length > 0) {
    return [];
  }
  const about = (manifest: Manifest) => isAbout(manifest, destination.host);
  const rules = JSON.stringify(manifests.filter((each) => each.kind === 'DestinationRule' && about(each)));
  const service = manifests.find((each) => each.kind === 'Service' && about(each));
  const { ports = [] } = (service?.spec ?? {}) as { ports?: readonly { port: number; name?: string }[] };
  const name = ports.find(({ port }) => port === destination.port)?.name ?? '';
  return [
    ...(/^(http2|grpc|grpc-web)(-|$)/.test(name) ? ['to a port called http2, grpc or grpc-web'] : []),
    ...(rules.includes('"UPGRADE"') ? ['to a host with h2UpgradePolicy'] : []),
    ...(rules.includes('"useClientProtocol"') ? ['to a host with useClientProtocol'] : []),
  ];
}

function isAbout({ kind, metadata, spec }: Manifest, host: string): boolean {
  const { namespace } = metadata;
  const own = kind === 'Service' ? metadata.name : (spec as { host?: string }).host;
  return own !== undefined && [own, `${own}.${namespace}.svc.cluster.local`].includes(host);
}
