/*
 * The charts of an app in the order of their files. `App.charts` says so, too, but only once cdk8s has added to the dependencies
 * what it does before it writes, and it follows every path of dependencies that there is: with many charts, that does not end.
 */
import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { objectsIn } from './objects-in';

/** Constructs, each of which comes after others. */
type Before = ReadonlyMap<IConstruct, readonly IConstruct[]>;

/** The order in which the files are written, where the dependencies of charts are settled (`ChartOrder`). */
export function chartsInOrder(root: IConstruct): Chart[] {
  const before = dependenciesIn(root);
  const ordered = new Set<IConstruct>();
  const entered = new Set<IConstruct>();
  const visit = (construct: IConstruct): void => {
    if (!entered.has(construct)) {
      entered.add(construct);
      before.get(construct)?.forEach(visit);
      ordered.add(construct);
    }
  };
  const awaited = new Set([...before.values()].flat());
  // In cdk8s, an object has them by path, and of an object's keys, numbers come first.
  const byPath = Object.fromEntries([...before.keys()].map((construct) => [construct.node.path, construct]));
  for (const construct of Object.values(byPath)) {
    if (!awaited.has(construct)) {
      visit(construct);
    }
  }
  return [...ordered].filter((construct): construct is Chart => Chart.isChart(construct) && before.has(construct));
}

/** Those that are there, and for objects those of all that they are part of. */
function dependenciesIn(root: IConstruct): Before {
  const objects = new Map<IConstruct, readonly ApiObject[]>();
  const objectsOf = (construct: IConstruct): readonly ApiObject[] => {
    const known = objects.get(construct) ?? ownObjectsOf(construct);
    objects.set(construct, known);
    return known;
  };
  const ofObject = (object: ApiObject): IConstruct[] =>
    withinChart(object)
      .flatMap(({ node }) => node.dependencies)
      .flatMap(objectsOf)
      .filter((target) => target !== object);
  return new Map(
    root.node
      .findAll()
      .map((construct) => [
        construct,
        [...construct.node.dependencies, ...(ApiObject.isApiObject(construct) ? ofObject(construct) : [])],
      ]),
  );
}

/** The objects of a construct in the same file. */
function ownObjectsOf(construct: IConstruct): readonly ApiObject[] {
  const chart = Chart.of(construct);
  return objectsIn(construct).filter((object) => Chart.of(object) === chart);
}

/** The chart of an object, what it is part of there, and itself. */
function withinChart(object: ApiObject): readonly IConstruct[] {
  const { scopes } = object.node;
  return scopes.slice(scopes.indexOf(Chart.of(object)));
}
