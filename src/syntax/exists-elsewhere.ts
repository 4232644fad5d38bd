/**
 * The annotation by which an object lists what it refers to and the manifests need not have, joined by ',': hosts and Gateways as
 * it writes them, or `pods` on a Service. It tells "somebody else's" from "misspelt".
 */
export const EXISTS_ELSEWHERE = 'cdk8s-versioned-mesh/exists-elsewhere';

/** What a Service writes there of the pods that it selects. */
export const PODS = 'pods';
