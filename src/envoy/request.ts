/** A request to be routed, as one would give it to curl. */
export interface RouteRequest {
  /**
   * Where the request goes: `http://` or `https://`, host, optional port, path and query. The port decides which listener is
   * asked, the host which server and virtual host.
   */
  readonly url: string;

  /**
   * HTTP method.
   *
   * @default 'GET'
   */
  readonly method?: string;

  /**
   * Request headers. Names are case-insensitive, values are not. `host` replaces the host of the URL as the request's
   * authority, without changing where the connection goes.
   *
   * @default - none
   */
  readonly headers?: { readonly [name: string]: string };

  /**
   * More request headers, each a line `name: value`, for headers that are sent more than once.
   *
   * @default - none
   */
  readonly headerLines?: string[];

  /**
   * Version of HTTP that the client speaks: `1.1` or `2`. Over TLS it is what client and server agree upon; a gateway agrees to
   * both. In HTTP/2 several `cookie` headers are one, any method goes, and what HTTP/2 forbids closes the connection, such as a
   * `connection` header.
   *
   * @default '1.1'
   */
  readonly httpVersion?: string;

  /**
   * Who sends the request: `gateway` for a client outside of the mesh that talks to a gateway, or
   * `mesh:NAMESPACE/WORKLOAD` for a workload of the manifests. Where its pods have no sidecar, no rule acts. A namespace that is
   * not among the manifests is taken to ask for sidecars.
   *
   * @default 'gateway'
   */
  readonly from?: string;

  /**
   * Labels of the gateway's pods, where the manifests contain several gateways or not their pods. A Gateway object applies
   * when its selector is among them.
   *
   * @default - the pods found in the manifests, else what the Gateways' selectors ask for
   */
  readonly gatewayLabels?: { readonly [key: string]: string };

  /**
   * Namespace of the gateway's pods; it decides which objects are visible to it (`exportTo`).
   *
   * @default - that of the pods found in the manifests, else Istio's root namespace
   */
  readonly gatewayNamespace?: string;
}
