/** What a sidecar does with requests to hosts that the mesh does not know (`meshConfig.outboundTrafficPolicy`). */
export enum OutboundTrafficPolicy {
  /** Let them through. Istio's default. */
  ALLOW_ANY = 'ALLOW_ANY',
  /** Answer 502. */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
}
