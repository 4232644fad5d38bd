/**
 * The annotation by which a DestinationRule, or the Service of a version, lists the versions that are on their way out, joined
 * by ','; each as its subset, or under Services as what its subset would be. It tells "retired" from "forgotten".
 */
export const RETIRED_VERSIONS = 'cdk8s-versioned-mesh/retired-versions';
