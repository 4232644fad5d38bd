/**
 * The API in which routes, gateways and destination rules are written. All of them mean the same.
 */
export enum RoutingApi {
  /** Istio's own, networking.istio.io/v1: for Istio 1.22 and later. */
  ISTIO_V1 = 'networking.istio.io/v1',

  /** Istio's own, networking.istio.io/v1beta1: for Istio 1.5 to 1.21; later ones still read it. */
  ISTIO_V1BETA1 = 'networking.istio.io/v1beta1',
}
