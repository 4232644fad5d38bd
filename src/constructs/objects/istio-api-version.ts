/**
 * The version of the API group networking.istio.io in which objects are written. All of them mean the same.
 */
export enum IstioApiVersion {
  /** For Istio 1.22 and later. */
  V1 = 'networking.istio.io/v1',

  /** For Istio 1.5 to 1.21; later ones still read it. */
  V1BETA1 = 'networking.istio.io/v1beta1',
}
