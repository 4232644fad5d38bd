import type { MetadataOptions } from '../objects/object-options';

/**
 * HTTPS on the Gateway that a mesh makes. TLS ends at the gateway, so that it can read the headers.
 */
export interface GatewayTls {
  /**
   * The name of the Secret with certificate and key, in the namespace of the gateway's pods.
   */
  readonly credentialName: string;

  /**
   * The port of the HTTPS server.
   *
   * @default 443
   */
  readonly port?: number;

  /**
   * Whether the HTTP server answers every request with a redirect to HTTPS. The redirect keeps the port that the client
   * asked, so it is for the standard ports only.
   *
   * @default - true for ports 80 and 443, else false
   */
  readonly redirectHttp?: boolean;
}

/**
 * The Gateway that a mesh makes.
 */
export interface GatewayOptions extends MetadataOptions {
  /**
   * The name of the Gateway.
   *
   * @default - the name of the mesh
   */
  readonly name?: string;

  /**
   * The namespace of the Gateway.
   *
   * @default - the mesh's
   */
  readonly namespace?: string;

  /**
   * Labels of the pods that serve it. The default is what `istioctl install` gives; the Helm chart `gateway` gives
   * `istio: <release without "istio-">`, so `istio: ingress` for a release called istio-ingress. With no such pod nothing
   * listens, and clients get a refused connection.
   *
   * @default { istio: 'ingressgateway' }
   */
  readonly selector?: { readonly [key: string]: string };

  /**
   * The port of the HTTP server.
   *
   * @default 80
   */
  readonly port?: number;

  /**
   * HTTPS beside HTTP.
   *
   * @default - HTTP only
   */
  readonly tls?: GatewayTls;
}
