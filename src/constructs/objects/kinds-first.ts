/*
 * A CustomResourceDefinition comes before the objects of its kind, wherever in the app it was made: before it is there, the API
 * server knows no such kind.
 */
import { ApiObject, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { groupBy } from '../../syntax/grouping';
import { ChartOrder } from './chart-order';
import { CLUSTER_CONTEXT } from './unique-objects';
import { validateApp } from './validation';

/** Has every object in the app of `scope` depend on the kinds of its group, where the app makes those. */
export function putKindsFirst(scope: Construct): void {
  // A validation, because it runs when all objects are there and before any order is asked for.
  validateApp(scope, 'kinds-first', (root) => ({ validate: () => dependOnKinds(root) }));
}

function dependOnKinds(root: IConstruct): string[] {
  const objects = root.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
  // They are called `gateways.networking.istio.io`.
  const kinds = groupBy(definitions, (kind) => inCluster(kind, kind.name.slice(kind.name.indexOf('.') + 1)));
  const charts = new ChartOrder(root);
  const complaints = new Set<string>();
  for (const object of objects) {
    const ofGroup = kinds.get(inCluster(object, object.apiGroup)) ?? [];
    const first = ofGroup.find((kind) => !charts.putAfter(Chart.of(object), Chart.of(kind)));
    if (first === undefined) {
      object.node.addDependency(...ofGroup);
    } else {
      const [chart, ofKind] = [Chart.of(object).node.path, Chart.of(first).node.path];
      complaints.add(
        `CustomResourceDefinition '${first.name}' is made in chart '${ofKind}', which comes after chart '${chart}' with ${object.kind} '${object.name}', ` +
          'so a first apply would fail. Let the first not depend on the second.',
      );
    }
  }
  return [...complaints];
}

function inCluster(object: ApiObject, group: string): string {
  return `${group}\n${object.node.tryGetContext(CLUSTER_CONTEXT) ?? ''}`;
}
