import { Construct } from 'constructs';
import { LABELS, METADATA_FIELDS, type MetadataOptions } from '../objects/object-options';
import { type FieldsOf, flag, made, map, number, oneOf, required, Struct, text } from '../objects/struct';
import type { IGatewayPods } from './gateway-pods';

/**
 * The lowest version of TLS that a gateway speaks.
 */
export enum TlsVersion {
  /** TLS 1.2. */
  TLS_1_2 = 'TLSV1_2',

  /** TLS 1.3. */
  TLS_1_3 = 'TLSV1_3',
}

/**
 * HTTPS at a gateway. TLS ends there, so that it can read the headers.
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
   * Whether the HTTP server answers every request for these hosts with a redirect to HTTPS. The redirect keeps the port that
   * the client asked, so it is for the standard ports only.
   *
   * @default - true for ports 80 and 443, else false
   */
  readonly redirectHttp?: boolean;

  /**
   * Whether clients have to show a certificate, which the CA certificate in the Secret (`ca.crt`) or in the Secret
   * `<credentialName>-cacert` confirms.
   *
   * @default false
   */
  readonly mutual?: boolean;

  /**
   * The lowest version of TLS.
   *
   * @default TlsVersion.TLS_1_2
   */
  readonly minVersion?: TlsVersion;
}

export const GATEWAY_TLS = new Struct<GatewayTls>("{ credentialName: 'apis-certificate' }", {
  credentialName: required(text, 'write the name of the Secret with certificate and key'),
  port: number,
  redirectHttp: flag,
  mutual: flag,
  minVersion: oneOf(TlsVersion),
});

/**
 * A server of a gateway, beside its hosts.
 */
export interface GatewayServerOptions {
  /**
   * The port of the HTTP server.
   *
   * @default - that of the gateway: 80
   */
  readonly port?: number;

  /**
   * HTTPS beside HTTP.
   *
   * @default - that of the gateway: HTTP only
   */
  readonly tls?: GatewayTls;
}

export const GATEWAY_SERVER = new Struct<GatewayServerOptions>("{ tls: { credentialName: 'apis-certificate' } }", {
  port: number,
  tls: GATEWAY_TLS,
});

/**
 * A Gateway: which pods serve it, and on which port.
 */
export interface GatewayOptions extends MetadataOptions {
  /**
   * The name of the Gateway.
   *
   * @default - the name of the construct that makes it
   */
  readonly name?: string;

  /**
   * The namespace of the Gateway.
   *
   * @default - that of the construct that makes it
   */
  readonly namespace?: string;

  /**
   * The pods that serve it, where this app makes them: an IstioGateway, as in `platform.gateway`. They say `selector` and
   * `serviceAccount`, and what they need comes first in the order of apply.
   *
   * @default - pods of somebody else, by selector and serviceAccount
   */
  readonly pods?: IGatewayPods;

  /**
   * Labels of the pods that serve it. Excludes `pods`. The default is what `istioctl install` gives; the Helm chart `gateway` gives
   * `istio: <release without "istio-">`, so `istio: ingress` for a release called istio-ingress. With no such pod nothing
   * listens, and clients get a refused connection.
   *
   * @default - those of `pods`, else { istio: 'ingressgateway' }
   */
  readonly selector?: { readonly [key: string]: string };

  /**
   * The ServiceAccount of those pods, as `namespace/name`: the identity by which services know the gateway. Excludes `pods`.
   *
   * @default - that of `pods`, else 'istio-system/istio-ingressgateway-service-account' for the default selector, else not known
   */
  readonly serviceAccount?: string;

  /**
   * The port of the HTTP server.
   *
   * @default 80
   */
  readonly port?: number;

  /**
   * HTTPS beside HTTP, for all hosts that name no certificate of their own.
   *
   * @default - HTTP only
   */
  readonly tls?: GatewayTls;
}

export const GATEWAY_FIELDS: FieldsOf<GatewayOptions> = {
  ...METADATA_FIELDS,
  name: text,
  namespace: text,
  pods: made<IGatewayPods>(
    (value) =>
      Construct.isConstruct(value) &&
      LABELS.complaint(value.selector) === undefined &&
      typeof value.serviceAccount === 'string',
    'platform.gateway',
  ),
  selector: map(text, "{ istio: 'ingress' }"),
  serviceAccount: text,
  port: number,
  tls: GATEWAY_TLS,
};

export const GATEWAY = new Struct<GatewayOptions>('{ port: 8080 }', GATEWAY_FIELDS);
