/*
 * A Namespace comes before all that lives in it, wherever in the app it was made: into a namespace that is not there yet
 * nothing can be applied, and pods that are there before its label for injection get no sidecar.
 */
import { type ApiObject, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { isClusterWide } from '../../syntax/cluster-wide';
import { ChartOrder } from './chart-order';
import { objectsIn } from './objects-in';
import { clusterOf } from './unique-objects';
import { validateApp } from './validation';

/** Has every object in the app of `scope` depend on its Namespace, where the app makes that. */
export function putNamespacesFirst(scope: Construct): void {
  // A validation, because it runs when all objects are there and before any order is asked for.
  validateApp(scope, 'namespace-first', (root) => ({ validate: () => dependOnNamespaces(root) }));
}

function dependOnNamespaces(root: IConstruct): string[] {
  const objects = objectsIn(root);
  const namespaces = new Map<string, ApiObject>();
  for (const object of objects.filter(({ kind }) => kind === 'Namespace')) {
    namespaces.set(inCluster(object, object.name), object);
  }
  const charts = new ChartOrder(root);
  const complaints = new Set<string>();
  for (const object of objects.filter(({ kind }) => !isClusterWide(kind))) {
    const namespace = namespaces.get(inCluster(object, object.metadata.namespace ?? ''));
    if (namespace !== undefined && !charts.putAfter(object, namespace)) {
      const [chart, first] = [Chart.of(object), Chart.of(namespace)];
      complaints.add(
        `Namespace '${namespace.name}' is made in chart '${first.node.path}', which comes after chart '${chart.node.path}' with what is to live in ` +
          `it (${object.node.path}), so a first apply would fail. Make it in a chart of its own, or in '${chart.node.path}'.`,
      );
    }
  }
  return [...complaints];
}

/** A namespace by name, in the cluster that `object` is for. */
export function inCluster(object: ApiObject, namespace: string): string {
  return `${namespace}\n${clusterOf(object)}`;
}
