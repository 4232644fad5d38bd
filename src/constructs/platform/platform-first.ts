/*
 * Istio comes before what needs it, wherever in the app both were made: before objects of its kinds, which the API server does
 * not know until then, and before the pods of the mesh, which get no sidecar while nobody injects one. Their namespaces may
 * come at any time: a label asks nobody until a pod is there.
 */
import { ApiObject, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { isClusterWide } from '../../syntax/cluster-wide';
import { brandOf, isMarked, mark } from '../objects/brand';
import { ChartOrder } from '../objects/chart-order';
import { inCluster, putNamespacesFirst } from '../objects/namespace-first';
import { clusterOf } from '../objects/unique-objects';
import { validateApp } from '../objects/validation';
import { injectedBy, isAmbient } from './namespace-labels';

const BRAND = brandOf('ComesFirst');

/** Has all of the app that needs Istio come after `part`, a part of its platform. */
export function comeFirst(part: Construct): void {
  mark(part, BRAND);
  putNamespacesFirst(part);
  validateApp(part, 'platform-first', (root) => ({ validate: () => dependOnPlatform(root) }));
}

function dependOnPlatform(root: IConstruct): string[] {
  const constructs = root.node.findAll();
  const parts = constructs.filter((construct) => isMarked(construct, BRAND));
  const objects = constructs.filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  const isOfPart = ({ node }: IConstruct) => node.scopes.some((scope) => isMarked(scope, BRAND));
  const homes = new Set(objects.filter(isOfPart).map(placeOf));
  const inMesh = new Set(
    objects
      .filter(isOfMesh)
      .map((namespace) => inCluster(namespace, namespace.name))
      .filter((place) => !homes.has(place)),
  );
  const charts = new ChartOrder(root);
  const complaints = new Map<string, string>();
  for (const object of objects.filter((one) => !isOfPart(one) && needsIstio(one, inMesh))) {
    for (const part of parts.filter((one) => clusterOf(one) === clusterOf(object))) {
      if (!charts.putAfter(object, part)) {
        const [chart, first] = [Chart.of(object).node.path, Chart.of(part).node.path];
        complaints.set(
          `${chart}\n${first}`,
          `Istio is installed by chart '${first}' (${part.node.path}), which comes after chart '${chart}' with what needs it ` +
            `(${object.node.path}): on a first apply the API server would not know Istio's kinds, and pods would start without a sidecar. ` +
            `Have nothing of chart '${first}' depend on '${chart}', or install Istio by a chart of its own.`,
        );
      }
    }
  }
  return [...complaints.values()];
}

function isOfMesh(object: ApiObject): boolean {
  return object.kind === 'Namespace' && (injectedBy(object) !== undefined || isAmbient(object));
}

/** Whether an object is of one of Istio's kinds, or lives in a namespace of the mesh. */
function needsIstio(object: ApiObject, inMesh: ReadonlySet<string>): boolean {
  return object.apiGroup.endsWith('.istio.io') || inMesh.has(placeOf(object));
}

/** The namespace that an object lives in. */
function placeOf(object: ApiObject): string {
  return inCluster(object, isClusterWide(object.kind) ? '' : (object.metadata.namespace ?? ''));
}
