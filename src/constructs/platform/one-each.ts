/*
 * What a cluster has once: of each chart of Istio one release, but for control planes with names of their own and gateways.
 */
import type { IConstruct } from 'constructs';
import { refuse, show } from '../objects/refuse';
import { CLUSTER_CONTEXT, clusterOf } from '../objects/unique-objects';
import { namesOf } from './control-plane';
import { DEFAULT_REVISION } from './namespace-labels';
import { type ChartName, type Release, releaseOf } from './release';

/**
 * Throws where the app has for the cluster of `part` what cannot be there twice: said once and before the chart is rendered, in
 * place of a sentence for each of its objects.
 */
export function refuseSecond(part: IConstruct, release: Release): void {
  for (const other of part.node.root.node.findAll()) {
    const before = releaseOf(other);
    if (before?.chart === release.chart && clusterOf(other) === clusterOf(part)) {
      const shared = claimsOf(release).find((claim) => claimsOf(before).includes(claim));
      if (shared !== undefined) {
        refuse(part, sentence(release, other, shared));
      }
    }
  }
}

/** What no other release of the chart may be called in the cluster. */
function claimsOf({ chart, name, namespace, values }: Release): string[] {
  switch (chart) {
    case 'istiod':
      return namesOf({ revisionTags: [], ...values });
    case 'gateway':
      return [`${namespace}/${name}`];
    default:
      return [chart];
  }
}

function sentence({ chart, name, namespace }: Release, { node: { path } }: IConstruct, shared: string): string {
  const elsewhere = `if the two are for different clusters, set the context '${CLUSTER_CONTEXT}' above each.`;
  switch (chart) {
    case 'istiod':
      return `${path} has the name ${nameOf(shared)} already, and who names it would get sidecars of either; give the second a revision of its own${shared === DEFAULT_REVISION ? FIRST_REVISION : ''}; ${elsewhere}`;
    case 'gateway':
      return `gateway ${show(name)} in namespace ${show(namespace)} is made by ${path} already; give the second another name or namespace; ${elsewhere}`;
    default:
      return `${ONCE[chart]} installed by ${path} already, and a cluster has them once; for a second control plane make an Istiod with a revision, for a second gateway an IstioGateway; ${elsewhere}`;
  }
}

function nameOf(claim: string): string {
  return claim === DEFAULT_REVISION ? "'default', which one without a revision has, too," : show(claim);
}

/** From no revision to the first one. */
const FIRST_REVISION =
  ", and where the IstioPlatform has one that is not to be the default yet, defaultRevision: 'default'";

const ONCE: { readonly [chart in Exclude<ChartName, 'istiod' | 'gateway'>]: string } = {
  base: "Istio's kinds are",
  cni: 'the CNI plugin is',
  ztunnel: 'ztunnel is',
};
