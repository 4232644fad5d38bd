/*
 * The protocol that Istio sees on a port (`pkg/config/kube/conversion.go`, `pkg/config/protocol`).
 */

/** What Istio does with a port: HTTP routing, opaque TLS, opaque TCP, or a look at the first bytes. */
export type PortProtocol = 'HTTP' | 'HTTPS' | 'TLS' | 'TCP' | 'UDP' | 'AUTO';

const BY_NAME: ReadonlyMap<string, PortProtocol> = new Map([
  ['http', 'HTTP'],
  ['http2', 'HTTP'],
  ['grpc', 'HTTP'],
  ['grpc-web', 'HTTP'],
  ['http_proxy', 'HTTP'],
  ['https', 'HTTPS'],
  ['tls', 'TLS'],
  ['tcp', 'TCP'],
  ['mongo', 'TCP'],
  ['redis', 'TCP'],
  ['mysql', 'TCP'],
  ['udp', 'UDP'],
]);

const BY_APP_PROTOCOL: ReadonlyMap<string, PortProtocol> = new Map([
  ['kubernetes.io/h2c', 'HTTP'],
  ['kubernetes.io/ws', 'HTTP'],
  ['kubernetes.io/wss', 'HTTPS'],
]);

/** Words for HTTP/2 among those of HTTP (`IsHTTP2`). */
const HTTP2: ReadonlySet<string> = new Set(['http2', 'grpc', 'grpc-web', 'kubernetes.io/h2c']);

/** Ports whose protocol lets the server speak first, so that looking at the first bytes would hang (SMTP, DNS, MySQL, MongoDB). */
const NEVER_SNIFFED: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

/** The protocol named by a Gateway's server or a ServiceEntry's port; undefined when Istio does not know the word. */
export function parseProtocol(word: string): PortProtocol | undefined {
  return BY_NAME.get(word.toLowerCase());
}

/** The protocol of a port of a Service: `appProtocol`, else the port's name up to the first '-', else a look at the bytes. */
export function servicePortProtocol(port: {
  readonly number: number;
  readonly name: string;
  readonly transport: string;
  readonly appProtocol?: string;
}): PortProtocol {
  if (port.transport === 'UDP') {
    return 'UDP';
  }
  const word = port.appProtocol ?? port.name;
  const known = BY_APP_PROTOCOL.get(word) ?? parseProtocol(word) ?? parseProtocol(firstPart(word));
  return known ?? (NEVER_SNIFFED.has(port.number) ? 'TCP' : 'AUTO');
}

/** Whether a word for a protocol, or the name or `appProtocol` of a Service's port, says HTTP/2. */
export function meansHttp2(word: string): boolean {
  return (
    HTTP2.has(word.toLowerCase()) || (parseProtocol(word) === undefined && HTTP2.has(firstPart(word).toLowerCase()))
  );
}

function firstPart(name: string): string {
  if (/^grpc-web(-|$)/i.test(name)) {
    return 'grpc-web';
  }
  const dash = name.indexOf('-');
  return dash < 0 ? name : name.slice(0, dash);
}
