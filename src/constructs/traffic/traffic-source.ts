/**
 * Where the requests come from that a mesh routes.
 */
export enum TrafficSource {
  /** From outside, through an Istio gateway. */
  GATEWAY = 'gateway',

  /** From other workloads of the mesh, through their sidecars. */
  MESH = 'mesh',

  /** Both, by the same rules. */
  GATEWAY_AND_MESH = 'gateway-and-mesh',
}
