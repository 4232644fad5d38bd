/** How a request ends, as far as manifests can tell. */
export enum RouteOutcome {
  /** It is forwarded to the destinations, whose answer the client gets. */
  FORWARD = 'FORWARD',
  /** The proxy answers with a redirect. */
  REDIRECT = 'REDIRECT',
  /** The proxy answers by itself, as the route says. */
  DIRECT_RESPONSE = 'DIRECT_RESPONSE',
  /** The proxy answers what a browser asks before a request to another site (CORS), by the route's corsPolicy. */
  PREFLIGHT = 'PREFLIGHT',
  /** An injected fault aborts every such request. */
  FAULT = 'FAULT',
  /**
   * The bytes are forwarded unread: a TLS passthrough or TCP server, a TCP port inside the mesh, or a caller without a proxy that reads
   * requests. HTTP rules do not apply.
   */
  TCP_FORWARD = 'TCP_FORWARD',
  /** Inside the mesh: no service takes the request, and it goes to the very address that was dialled. */
  PASSTHROUGH = 'PASSTHROUGH',
  /** Inside the mesh: no service takes the request, and what is unknown is not let through (REGISTRY_ONLY). */
  BLOCKED = 'BLOCKED',
  /** Nothing listens on the port: the connection is refused. */
  NO_LISTENER = 'NO_LISTENER',
  /** At a gateway: the connection is closed at the TLS handshake, because plain HTTP meets TLS or the reverse, or no server has the host. */
  TLS_FAILURE = 'TLS_FAILURE',
  /** The proxy refuses the request: as malformed, or for an upgrade that Istio does not allow. */
  BAD_REQUEST = 'BAD_REQUEST',
  /** No VirtualService speaks for the host on this listener. */
  NO_VIRTUAL_HOST = 'NO_VIRTUAL_HOST',
  /** The host is known, and none of its rules matches. */
  NO_ROUTE = 'NO_ROUTE',
  /** The rule names a service, port or subset that does not exist. */
  NO_CLUSTER = 'NO_CLUSTER',
  /** The destination exists, and no pod stands behind it. */
  NO_ENDPOINTS = 'NO_ENDPOINTS',
  /** The pods do not understand the TLS, or the plain text, that a DestinationRule has clients send them: the connection fails. */
  UPSTREAM_TLS_FAILURE = 'UPSTREAM_TLS_FAILURE',
  /** The manifests do not decide it; the trace says what is missing. */
  UNDECIDED = 'UNDECIDED',
}
