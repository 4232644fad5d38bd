/*
 * Manifests as plain data: what generators make, and what both sides of the comparison read.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: { readonly [key: string]: string };
    readonly annotations?: { readonly [key: string]: string };
    readonly creationTimestamp?: string;
  };
  readonly [key: string]: unknown;
}

/** A proxy at which requests arrive. */
export interface ProxyChoice {
  /** A gateway's pods by label, or the workload whose sidecar it is. */
  readonly gateway?: { readonly labels: { readonly [key: string]: string }; readonly namespace: string };
  readonly sidecar?: { readonly namespace: string; readonly workload: string };
}

/** One mesh to be compared, and the proxy of it that is asked. */
export interface MeshCase {
  readonly manifests: readonly Manifest[];
  readonly proxy: ProxyChoice;
  /** Comes before what a MeshConfig among the manifests says. */
  readonly outboundTrafficPolicy?: 'ALLOW_ANY' | 'REGISTRY_ONLY';
}

/** One request, exactly as it goes over the wire. */
export interface Ask {
  readonly method: string;
  /** `http` or `https`: whether the client speaks TLS. */
  readonly scheme: 'http' | 'https';
  /** Host to which the client connects; the name for TLS. */
  readonly connectHost: string;
  readonly port: number;
  /** What is sent as `host`. */
  readonly authority: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Other headers in order, repeated ones too. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Set for HTTP/2: in clear by prior knowledge, over TLS if the server agrees to it. HTTP/1.1 otherwise. */
  readonly httpVersion?: '2';
}

export const isIstio = ({ apiVersion }: Manifest): boolean => apiVersion.includes('.istio.io/');
