/*
 * Alternatives are checked one at a time, each together with what they share. What is found there is told only if it is not the
 * doing of the choice: it must hold also where all of them are there. Only of an object that several define that is not known, since
 * only one of its definitions can be there; of such a one, errors are told.
 */
import type { Alternatives } from '../manifests/alternatives';
import type { MeshObject } from '../manifests/object';
import { MeshModel } from '../model/model';
import type { Check, Observation } from './check';
import { Severity } from './finding';

const IF = 'This holds only if the files beside this one are applied together with it.';

/** What a check found. */
export interface Found {
  readonly check: Check;
  readonly observation: Observation;
}

export function overAlternatives(mesh: MeshModel, run: (mesh: MeshModel) => readonly Found[]): readonly Found[] {
  const { alternatives, objects } = mesh;
  const first = run(mesh);
  if (alternatives === undefined) {
    return first;
  }
  const numbers = new Map(objects.map(({ raw }, index) => [raw, index]));
  const identityOf = ({ check, observation: { object, path } }: Found) =>
    `${numbers.get(object.raw)} ${check.id} ${path}`;
  const together = new Set(run(remade(mesh, objects, true)).map(identityOf));
  const definedAgain = new Set(objects.filter((object) => alternatives.definesAgain(object)).map(({ raw }) => raw));
  const isErrorOfOwn = ({ check, observation: { object, severity = check.severity } }: Found) =>
    severity === Severity.ERROR && definedAgain.has(object.raw);

  const told = first.filter((found) => together.has(identityOf(found)));
  const known = new Set(told.map(identityOf));
  for (const chosen of alternatives.chosenOf(objects).slice(1)) {
    const more = run(remade(mesh, chosen)).filter(
      (found) => !known.has(identityOf(found)) && (isErrorOfOwn(found) || together.has(identityOf(found))),
    );
    for (const found of more) {
      told.push(found);
      known.add(identityOf(found));
    }
  }
  return asCertainOf(mesh, alternatives, told, run);
}

/** An error that shows only where files meet which perhaps nobody applies together is a warning. */
function asCertainOf(
  mesh: MeshModel,
  alternatives: Alternatives,
  told: readonly Found[],
  run: (mesh: MeshModel) => readonly Found[],
): readonly Found[] {
  const certain = new Map<string, ReadonlySet<string>>();
  const identityOf = ({ check, observation: { object, path } }: Found) =>
    `${check.id} ${object.source.file} ${object.source.document} ${path}`;
  const isCertain = (found: Found): boolean => {
    const part = alternatives.partOf(found.observation.object);
    if (part === undefined || found.check.literal === true) {
      return true;
    }
    let known = certain.get(part);
    if (known === undefined) {
      known = new Set(run(remade(mesh, alternatives.appliedWith(part, mesh.objects))).map(identityOf));
      certain.set(part, known);
    }
    return known.has(identityOf(found));
  };
  return told.map((found) => {
    const { check, observation } = found;
    const { severity = check.severity } = observation;
    return severity !== Severity.ERROR || isCertain(found)
      ? found
      : { check, observation: { ...observation, severity: Severity.WARNING, message: `${observation.message} ${IF}` } };
  });
}

function remade(mesh: MeshModel, objects: readonly MeshObject[], mixed = false): MeshModel {
  return new MeshModel(objects, { ...mesh.options, mixed }, mesh.unreadable);
}
