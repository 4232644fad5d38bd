/*
 * Istio comes before the rest of its app, wherever in the app both were made: its file is applied first. Objects of its kinds are
 * not known to the API server until then, and pods of the mesh get no sidecar while nobody injects one.
 */
import { ApiObject, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { isClusterWide } from '../../syntax/cluster-wide';
import { groupBy } from '../../syntax/grouping';
import { brandOf, isMarked, mark } from '../objects/brand';
import { ChartOrder } from '../objects/chart-order';
import { chartsInOrder } from '../objects/file-order';
import { inCluster, putNamespacesFirst } from '../objects/namespace-first';
import { twiceInSynthesis } from '../objects/repeated-validation';
import { clusterOf } from '../objects/unique-objects';
import { injectedBy, isAmbient } from './namespace-labels';

const BRAND = brandOf('ComesFirst');

/** Has all of the app that needs Istio come after `part`, a part of its platform. */
export function comeFirst(part: Construct): void {
  mark(part, BRAND);
  putNamespacesFirst(part);
  // Not of the app, whose validations all run before those of its parts: what they have come first is to be known.
  const validate = twiceInSynthesis(() => dependOnPlatform(part));
  part.node.addValidation({ validate });
}

/** Whether a part of the platform is in `chart`, so that its file comes first without further dependencies. */
export function isOfPlatform(chart: Chart): boolean {
  return chart.node.findAll().some((construct) => isMarked(construct, BRAND) && Chart.of(construct) === chart);
}

function dependOnPlatform(asking: IConstruct): string[] {
  const { root } = asking.node;
  const constructs = root.node.findAll();
  const parts = constructs.filter((construct) => isMarked(construct, BRAND));
  if (parts[0] !== asking) {
    return [];
  }
  const order = new ChartOrder(root);
  const needing = groupBy(objectsThatNeedIstio(constructs), (object) => Chart.of(object));
  for (const part of parts) {
    for (const object of needing.get(Chart.of(part)) ?? []) {
      order.putAfter(object, part);
    }
  }
  const complaints = onePerChart(parts).flatMap((part) => comeBeforeNeeding(part, needing, order));
  putFilesFirst(root, parts, order);
  return complaints;
}

/** One part of each chart, or of each cluster that a chart is for. */
function onePerChart(parts: readonly IConstruct[]): IConstruct[] {
  return [...groupBy(parts, (part) => `${Chart.of(part).node.path}\n${clusterOf(part)}`).values()].map(
    ([part]) => part,
  );
}

/** What is wrong where a chart with what needs Istio cannot come after a part. Where it needs nothing of Istio, it may come before. */
function comeBeforeNeeding(
  part: IConstruct,
  needing: ReadonlyMap<Chart, readonly ApiObject[]>,
  order: ChartOrder,
): string[] {
  const first = Chart.of(part);
  return [...needing]
    .filter(([chart]) => chart !== first && clusterOf(chart) === clusterOf(part))
    .filter(([chart]) => (isOfPlatform(chart) ? !order.putChartAfter(chart, first) : order.isAfter(first, chart)))
    .map(
      ([chart, [object]]) =>
        `Istio is installed by chart '${first.node.path}' (${part.node.path}), which comes after chart '${chart.node.path}' with what needs it ` +
        `(${object.node.path}): on a first apply the API server would not know Istio's kinds, and pods would start without a sidecar. ` +
        `Have nothing of chart '${first.node.path}' depend on '${chart.node.path}', or install Istio by a chart of its own.`,
    );
}

/**
 * Has the files of the platform come before all that they do not come after themselves. It is enough that the first of those
 * depends on them: of a dependency of each, cdk8s makes one of each of its objects on each of the platform's, and follows every
 * path of those.
 */
function putFilesFirst(root: IConstruct, parts: readonly IConstruct[], order: ChartOrder): void {
  const platform = new Set(parts.map((part) => Chart.of(part)));
  order.settle();
  // What depends on something new may have been the first thing to be written before something else.
  for (let moved = true; moved; ) {
    const others = chartsInOrder(root).filter((chart) => !platform.has(chart));
    const ahead = onePerChart(parts).flatMap((part): [Chart, Chart][] => {
      const first = Chart.of(part);
      const next = others.find((chart) => clusterOf(chart) === clusterOf(part) && !order.isAfter(first, chart));
      return next === undefined || order.isAfter(next, first) ? [] : [[next, first]];
    });
    for (const [next, first] of ahead) {
      order.putChartAfter(next, first);
    }
    moved = ahead.length > 0;
  }
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
