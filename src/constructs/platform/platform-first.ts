/*
 * Istio comes before the rest of its app, wherever in the app both were made: its file is applied first. Objects of its kinds are
 * not known to the API server until then, and pods of the mesh get no sidecar while nobody injects one.
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
  const objects = objectsThatNeedIstio(constructs);
  const order = new ChartOrder(root);
  return constructs.filter(Chart.isChart).flatMap((chart) => {
    const needing = objects.filter((object) => Chart.of(object) === chart);
    const before = parts.filter((part) => clusterOf(part) === clusterOf(chart));
    return before.flatMap((part) => putAfter(chart, needing, part, order) ?? []);
  });
}

/** Has a chart come after a part, or of the part's own chart what needs it; what is wrong where that cannot be. */
function putAfter(
  chart: Chart,
  needing: readonly ApiObject[],
  part: IConstruct,
  order: ChartOrder,
): string | undefined {
  const first = Chart.of(part);
  if (chart === first) {
    for (const object of needing) {
      order.putAfter(object, part);
    }
    return undefined;
  }
  // Where what needs nothing of Istio comes before it for a reason, so it shall be.
  return order.putChartAfter(chart, first) || needing.length === 0
    ? undefined
    : `Istio is installed by chart '${first.node.path}' (${part.node.path}), which comes after chart '${chart.node.path}' with what needs it ` +
        `(${needing[0].node.path}): on a first apply the API server would not know Istio's kinds, and pods would start without a sidecar. ` +
        `Have nothing of chart '${first.node.path}' depend on '${chart.node.path}', or install Istio by a chart of its own.`;
}

function objectsThatNeedIstio(constructs: readonly IConstruct[]): readonly ApiObject[] {
  const objects = constructs.filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  const isOfPart = ({ node }: IConstruct) => node.scopes.some((scope) => isMarked(scope, BRAND));
  const homes = new Set(objects.filter(isOfPart).map(placeOf));
  const inMesh = new Set(
    objects
      .filter(isOfMesh)
      .map((namespace) => inCluster(namespace, namespace.name))
      .filter((place) => !homes.has(place)),
  );
  return objects.filter((object) => !isOfPart(object) && needsIstio(object, inMesh));
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
