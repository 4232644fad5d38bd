/*
 * The revisions that gateways and the webhook of IstioBase ask for, and that no Istiod of the app is.
 */
import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { EXISTS_ELSEWHERE } from '../../syntax/exists-elsewhere';
import { listOf } from '../../syntax/wording';
import { show } from '../objects/refuse';
import { clusterOf } from '../objects/unique-objects';
import { type ControlPlane, isListed, namesOf, pathsOf } from './control-plane';
import { DEFAULT_REVISION, injectedBy } from './namespace-labels';
import { type Release, releaseOf } from './release';

/** What is wrong with a part of the platform; of other constructs, nothing. */
export function complaintsAboutParts(
  part: IConstruct,
  istiods: readonly ControlPlane[],
  namespaces: readonly ApiObject[],
): string[] {
  const release = releaseOf(part);
  if (release === undefined || istiods.length === 0) {
    return [];
  }
  if (release.chart === 'gateway') {
    return isInjectedByNamespace(part, release, namespaces) ? [] : gatewayWithout(part, release, istiods);
  }
  return release.chart === 'base' ? webhookWithout(part, release, istiods) : [];
}

/** Injection by the namespace goes before that by the pods' own label. */
function isInjectedByNamespace(part: IConstruct, release: Release, namespaces: readonly ApiObject[]): boolean {
  return namespaces.some(
    (namespace) =>
      namespace.name === release.namespace &&
      clusterOf(namespace) === clusterOf(part) &&
      injectedBy(namespace) !== undefined,
  );
}

function gatewayWithout(part: IConstruct, { values }: Release, istiods: readonly ControlPlane[]): string[] {
  const revision = String(values.revision || DEFAULT_REVISION);
  const known = istiods.flatMap(namesOf);
  if (known.includes(revision) || isElsewhere(part, revision)) {
    return [];
  }
  return [
    `${part.node.path} asks for ${asked(revision)}, and the app installs no Istiod of this revision or tag (${pathsOf(istiods)}): ` +
      `nobody would put the proxy in place of the image 'auto', which is none, and the gateway's pods would not start. ` +
      `${remedyOf('revision', known)}; ${orElsewhere(revision)}`,
  ];
}

/** It asks by the name of istiod's Service, which has the revision in it, and of a tag another. */
function webhookWithout(part: IConstruct, { values }: Release, istiods: readonly ControlPlane[]): string[] {
  const revision = String(values.defaultRevision ?? DEFAULT_REVISION);
  const known = istiods.map(({ revision: name = DEFAULT_REVISION }) => name);
  if (revision === '' || known.includes(revision) || isElsewhere(part, revision)) {
    return [];
  }
  const service = revision === DEFAULT_REVISION ? 'istiod' : `istiod-${revision}`;
  return [
    `${part.node.path} has ${asked(revision)} for its defaultRevision, and the app installs no Istiod of this revision (${pathsOf(istiods)}): ` +
      `the webhook that validates Istio's objects would ask the Service '${service}', which is not there, and as its failurePolicy is Fail, the API server would refuse every object of Istio's kinds. ` +
      `${remedyOf('defaultRevision', known)}; ${orElsewhere(revision)}`,
  ];
}

function asked(revision: string): string {
  return revision === DEFAULT_REVISION ? 'the default revision' : `revision ${show(revision)}`;
}

/** What to write in place of it. */
function remedyOf(prop: string, known: readonly string[]): string {
  const named = [...new Set(known)].filter((name) => name !== DEFAULT_REVISION);
  const ways = [
    ...(named.length > 0 ? [`write ${prop}: ${listOf(named.map(show), 'or')}`] : []),
    ...(known.includes(DEFAULT_REVISION) ? [`leave ${prop} out`] : []),
  ];
  return `For an Istiod of the app, ${listOf(ways, 'or')}`;
}

function orElsewhere(revision: string): string {
  return `for one that is there already, set the context '${EXISTS_ELSEWHERE}' to ${show(revision)} on the app.`;
}

function isElsewhere({ node }: IConstruct, revision: string): boolean {
  return isListed(node.tryGetContext(EXISTS_ELSEWHERE), revision);
}
