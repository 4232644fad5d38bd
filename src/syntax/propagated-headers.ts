/**
 * The annotation that names headers which apps copy from the request that they serve to those that they send, joined by ','. On
 * a VirtualService of the constructs: its rules need them. On pods: this app does it.
 */
export const PROPAGATED_HEADERS = 'cdk8s-versioned-mesh/propagated-headers';
