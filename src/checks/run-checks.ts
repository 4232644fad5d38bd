/*
 * Runs checks over a mesh, and leaves out what its author has switched off.
 */

import { lineOf, type MeshObject } from '../manifests/object';
import type { MeshModel } from '../model/model';
import { shortened } from '../syntax/printable';
import { nameOfType } from '../syntax/type-name';
import type { Check, Report } from './check';
import { type Finding, MOST_SEVERE_FIRST } from './finding';
import { type Found, overAlternatives } from './over-alternatives';
import { asCertain } from './shared/uncertain';
import { followsFromMistake } from './shared/unreadable';
import { isRemovedVersion, removedApiVersion } from './validation/removed-api-version';

/** The annotation that switches checks off for one object: ids separated by ',', or '*' for all. */
const IGNORE_ANNOTATION = 'cdk8s-versioned-mesh/ignore';

/**
 * The findings of `checks`, errors first, then in the order of the objects. Throws on an id in `disabled` that no check has:
 * a misspelt id would switch off nothing, silently.
 */
export function runChecks(
  mesh: MeshModel,
  checks: readonly Check[],
  disabled: readonly string[] = [],
  previous?: MeshModel,
): Finding[] {
  refuseUnknown(checks, disabled);
  const enabled = checks.filter(({ id }) => !disabled.includes(id));
  const run = (each: MeshModel) => foundIn(each, enabled, previous);
  return inOrder(mesh, overAlternatives(mesh, run)).map(toFinding);
}

/** What the checks say of one mesh, without what its author has switched off. */
function foundIn(mesh: MeshModel, checks: readonly Check[], previous: MeshModel | undefined): readonly Found[] {
  const found: Found[] = [];
  // Nobody can mend what is only taken for there.
  const assumed = new Set(mesh.assumedGateways.map(({ object }) => object));
  for (const check of checks) {
    const report: Report = (observation) => {
      if (!isIgnored(observation.object, check.id) && !assumed.has(observation.object)) {
        found.push({ check, observation });
      }
    };
    check.run(mesh, report, previous);
  }
  // Only now is everything known that could not be read.
  const told = found.filter(
    ({ check, observation: { object, path } }) =>
      (check.literal === true || !followsFromMistake(mesh, object, path)) &&
      (check.id === removedApiVersion.id || !isRemovedVersion(object.apiVersion, object.kind)),
  );
  return told.flatMap(({ check, observation }) => {
    const stands = asCertain(mesh, check, observation);
    return stands === undefined ? [] : [{ check, observation: stands }];
  });
}

function inOrder(mesh: MeshModel, found: readonly Found[]): readonly Found[] {
  const positions = new Map(mesh.objects.map(({ raw }, index) => [raw, index]));
  const rankOf = ({ check, observation }: Found) => MOST_SEVERE_FIRST.indexOf(observation.severity ?? check.severity);
  const positionOf = ({ observation }: Found) => positions.get(observation.object.raw) ?? 0;
  return [...found].sort((a, b) => rankOf(a) - rankOf(b) || positionOf(a) - positionOf(b));
}

function refuseUnknown(checks: readonly Check[], disabled: readonly string[]): void {
  if (!Array.isArray(disabled)) {
    throw new Error(`disable is ${nameOfType(disabled)}; write a list of ids, as in ['unreachable-rule'].`);
  }
  const unknown = disabled.find((id) => !checks.some((check) => check.id === id));
  if (unknown !== undefined) {
    const known = checks.map(({ id }) => id).sort();
    throw new Error(`There is no check '${unknown}' to switch off. The checks are: ${known.join(', ')}.`);
  }
}

function isIgnored(object: MeshObject, id: string): boolean {
  const ignored = object.annotations.get(IGNORE_ANNOTATION)?.split(',') ?? [];
  return ignored.some((entry) => entry.trim() === id || entry.trim() === '*');
}

function toFinding({ check, observation }: Found): Finding {
  const { object, path, message, help, severity, istio, kiali } = observation;
  return {
    check: check.id,
    severity: severity ?? check.severity,
    kind: object.kind,
    name: object.name,
    namespace: object.namespace,
    path,
    message: shortened(message),
    help: shortened(help),
    istioCodes: [...(istio ?? check.istio)],
    kialiCodes: [...(kiali ?? check.kiali)],
    file: object.source.file,
    line: lineOf(object, path),
  };
}
