/*
 * By which labels the pods of a service are known, and those of one version told apart.
 */
import type { Construct } from 'constructs';
import { labelsOf } from '../../syntax/wording';
import { checkLabels } from '../objects/object-options';
import { refuse, show } from '../objects/refuse';
import type { FlaskLikeApp } from './flask-like-app';
import type { ServiceVersion } from './service-version';

export interface Labels {
  readonly [key: string]: string;
}

/** Throws on a selector by which no Service could reach all versions. */
export function checkSelector(scope: Construct, selector: Labels, app: string): void {
  checkLabels(scope, selector);
  if (Object.keys(selector).length === 0) {
    refuse(scope, `selector is empty, and selects no pods; write one as in { app: ${show(app)} }, or leave it out.`);
  }
  if (selector.version !== undefined) {
    refuse(
      scope,
      `selector asks for version ${show(selector.version)}, so the Service would reach no other version; leave that label out.`,
    );
  }
  if (selector.app !== undefined && selector.app !== app) {
    refuse(
      scope,
      `selector asks for app ${show(selector.app)}, but the pods carry the label app ${show(app)}; make them equal, or leave out one.`,
    );
  }
}

/** Throws on labels that pods behind the Service cannot carry. `what` names them. */
export function checkGoesWith(scope: Construct, what: string, labels: Labels, selector: Labels): void {
  const [key] = Object.keys(labels).filter((name) => selector[name] !== undefined && selector[name] !== labels[name]);
  if (key !== undefined) {
    refuse(
      scope,
      `${what} have ${show(key)} ${show(labels[key])}, but the Service selects pods with ${show(selector[key])}, and so not these; make them equal.`,
    );
  }
}

/** Throws where what selects the pods of one version selects, as far as is known, pods of another. */
export function checkToldApart(scope: Construct, added: ServiceVersion, others: readonly ServiceVersion[]): void {
  const twin = others.find((other) => reaches(added, other) || reaches(other, added));
  if (twin !== undefined) {
    const [one, another] = reaches(added, twin) ? [added, twin] : [twin, added];
    refuse(
      scope,
      `version '${one.version}' is known by the labels ${labelsOf(new Map(Object.entries(one._selecting())))}, which pods of version '${another.version}' carry, too, so requests for the one would reach the other; set labels to what its pods alone carry.`,
    );
  }
}

function reaches(one: ServiceVersion, another: ServiceVersion): boolean {
  const wanted = Object.entries(one._selecting());
  const carried = another.labels;
  return wanted.length > 0 && wanted.every(([key, value]) => carried[key] === value);
}

/**
 * Throws where a Deployment selects the pods of another version, too, and that does harm. Kubernetes tells pods apart by their
 * owner, so a selector as wide as `app` may stay while its Deployment is replaced by others; but an autoscaler goes by it.
 */
export function checkOwnPods(scope: Construct, added: ServiceVersion, others: readonly ServiceVersion[]): void {
  for (const other of others) {
    refuseIfMixedUp(scope, added, other);
    refuseIfMixedUp(scope, other, added);
  }
}

function refuseIfMixedUp(scope: Construct, one: ServiceVersion, another: ServiceVersion): void {
  const { version, app } = one;
  if (!selectsPodsOf(app, another)) {
    return;
  }
  const start = `version '${version}': its Deployment selects ${labelsOf(new Map(Object.entries(app?.deployment.matchLabels ?? {})))}, which the pods of version '${another.version}' carry, too,`;
  if (app?.autoscaler !== undefined) {
    refuse(
      scope,
      `${start} so its autoscaler would count their CPU; set replicas in place of autoscaling while both run, or leave out selector and set name to a new one.`,
    );
  }
  if (selectsPodsOf(another.app, one)) {
    refuse(
      scope,
      `${start} and the other way round, so what goes by the selectors takes one for the other; leave out selector on one of them, and set its name to a new one.`,
    );
  }
}

function selectsPodsOf(app: FlaskLikeApp | undefined, { app: other, labels }: ServiceVersion): boolean {
  const carried = (key: string) => (other === undefined ? labels[key] : other.deployment.podMetadata.getLabel(key));
  return (
    app !== undefined && Object.entries(app.deployment.matchLabels).every(([key, value]) => carried(key) === value)
  );
}

/** Those of the labels that the pods of all versions are known to carry. */
export function carriedByAll(labels: Labels, versions: readonly ServiceVersion[]): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(([key, value]) => versions.every((version) => version.labels[key] === value)),
  );
}
