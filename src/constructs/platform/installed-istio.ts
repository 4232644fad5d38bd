/*
 * What the app's namespaces, gateways and webhooks ask of Istio, and the Istio that the app installs does not do. Where it installs
 * none, nothing is known of that, and nothing said.
 */
import { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { EXISTS_ELSEWHERE } from '../../syntax/exists-elsewhere';
import { groupBy } from '../../syntax/grouping';
import { listOf } from '../../syntax/wording';
import { isMarked, mark } from '../objects/brand';
import { show } from '../objects/refuse';
import { clusterOf } from '../objects/unique-objects';
import { validateApp } from '../objects/validation';
import { complaintsAboutParts } from './asked-revisions';
import { type ControlPlane, ISTIOD, isListed, namesOf, pathsOf } from './control-plane';
import { DataPlaneMode } from './istio-options';
import {
  DATA_PLANE,
  DEFAULT_REVISION,
  INJECTION,
  injectedBy,
  isAmbient,
  POD_SECURITY,
  REVISION,
} from './namespace-labels';
import { comeFirst } from './platform-first';

/**
 * To be called by each Istiod: has all that needs it come after it, and synthesis fail where its app asks for what no Istiod of
 * the app does.
 */
export function announceIstiod(istiod: Construct): void {
  mark(istiod, ISTIOD);
  comeFirst(istiod);
  validateApp(istiod, 'installed-istio', (root) => ({ validate: () => complaintsIn(root) }));
}

function complaintsIn(root: IConstruct): string[] {
  const constructs = root.node.findAll();
  const istiods = groupBy(
    constructs.filter((construct): construct is ControlPlane => isMarked(construct, ISTIOD)),
    clusterOf,
  );
  const namespaces = constructs.filter(
    (construct): construct is ApiObject => ApiObject.isApiObject(construct) && construct.kind === 'Namespace',
  );
  return [
    ...namespaces.flatMap((namespace) => complaintsAbout(namespace, istiods.get(clusterOf(namespace)) ?? [])),
    ...constructs.flatMap((part) => complaintsAboutParts(part, istiods.get(clusterOf(part)) ?? [], namespaces)),
  ];
}

function complaintsAbout(namespace: ApiObject, istiods: readonly ControlPlane[]): string[] {
  if (istiods.length === 0) {
    return [];
  }
  const revision = injectedBy(namespace);
  if (revision !== undefined) {
    const injector = istiods.find((istiod) => namesOf(istiod).includes(revision));
    return injector === undefined ? notInjected(namespace, revision, istiods) : refusedPods(namespace, injector);
  }
  return isAmbient(namespace) && !istiods.some(({ dataPlane }) => dataPlane === DataPlaneMode.AMBIENT)
    ? [
        `${titleOf(namespace)} has the label '${DATA_PLANE}: ambient', and ${pathsOf(istiods)} is not in ambient mode: its pods would start outside the mesh, and nothing says so. Set dataPlane: DataPlaneMode.AMBIENT there, or leave it out of the namespace.`,
      ]
    : [];
}

/** The API server asks the injector whose webhook selects the namespace, and where there is none, nobody. */
function notInjected(namespace: ApiObject, revision: string, istiods: readonly ControlPlane[]): string[] {
  if (isElsewhere(namespace, revision)) {
    return [];
  }
  const known = [...new Set(istiods.flatMap(namesOf))].filter((name) => name !== DEFAULT_REVISION);
  const isByDefault = namespace.metadata.getLabel(INJECTION) !== undefined;
  const [label, asked, remedy] = isByDefault
    ? [`${INJECTION}: enabled`, `without a revision or with the tag 'default'`, `revisionTags: ['default']`]
    : [`${REVISION}: ${revision}`, `of revision or tag ${show(revision)}`, `revisionTags: [${show(revision)}]`];
  const write =
    known.length === 0 ? 'leave revision out of the namespace' : `write revision: ${listOf(known.map(show), 'or')}`;
  return [
    `${titleOf(namespace)} has the label '${label}', and the app installs no Istiod ${asked} (${pathsOf(istiods)}): its pods would start without a sidecar, and nothing says so. ` +
      `For an Istiod of the app, ${write}, or give it ${remedy}; for one that is there already, add the annotation '${EXISTS_ELSEWHERE}: ${revision}' to the namespace.`,
  ];
}

/** Pods that the API server refuses once the sidecar is in. The Deployment is accepted, as it is without. */
function refusedPods(namespace: ApiObject, { node, cni }: ControlPlane): string[] {
  const words = cni ? undefined : COMPLAINTS.get(namespace.metadata.getLabel(POD_SECURITY) ?? '');
  return words === undefined
    ? []
    : [
        `${titleOf(namespace)} has the label '${POD_SECURITY}: ${namespace.metadata.getLabel(POD_SECURITY)}', and ${node.path} injects the init container 'istio-init', which runs as root with NET_ADMIN and NET_RAW: ` +
          `no pod with a sidecar would be created, and only the events of its ReplicaSet would say why: 'violates PodSecurity ${words}'. Set cni: true there, with an IstioCni, which takes the place of that container.`,
      ];
}

/** What the API server says of that container, by level. */
const COMPLAINTS = new Map(
  Object.entries({
    baseline: '"baseline:latest": non-default capabilities',
    restricted: '"restricted:latest": unrestricted capabilities',
  }).map(([level, what]) => [
    level,
    `${what} (container "istio-init" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add)`,
  ]),
);

function isElsewhere({ metadata }: ApiObject, revision: string): boolean {
  return isListed(metadata.toJson()?.annotations?.[EXISTS_ELSEWHERE], revision);
}

function titleOf(namespace: ApiObject): string {
  return `Namespace '${namespace.name}' (${namespace.node.path})`;
}
