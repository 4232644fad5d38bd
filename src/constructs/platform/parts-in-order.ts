/*
 * The parts of Istio that one cluster gets come one after the other, wherever in the app they were made: in the files, and for Flux
 * and Argo CD, who go by what a part depends on.
 */
import { ApiObject, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { ChartOrder } from '../objects/chart-order';
import { objectsIn } from '../objects/objects-in';
import { clusterOf } from '../objects/unique-objects';
import { validateApp } from '../objects/validation';
import { type ChartName, partsBefore, type Release, releaseOf } from './release';

/** What must be there before what: all need the kinds, and gateways who injects their proxy. Where both cannot be, the first is. */
const NEEDED: readonly (readonly [first: ChartName, then: readonly ChartName[]])[] = [
  ['base', ['cni', 'istiod', 'ztunnel', 'gateway']],
  ['istiod', ['gateway']],
];

/** Has all parts in the app of `part` come after those that they need, and after their namespaces. */
export function putPartsInOrder(part: Construct): void {
  validateApp(part, 'parts-in-order', (root) => ({
    validate: () => {
      dependOnNeeded(root);
      return [];
    },
  }));
}

function dependOnNeeded(root: IConstruct): void {
  const constructs = root.node.findAll();
  const charts = new ChartOrder(root);
  const parts = constructs.filter((construct) => releaseOf(construct) !== undefined);
  const putAllAfter = (isFirst: (other: IConstruct, release: Release) => boolean) => {
    for (const part of parts) {
      const first = constructs.filter((other) => isFirst(other, releaseOf(part) as Release));
      for (const other of first.filter(
        (each) => clusterOf(each) === clusterOf(part) && !each.node.scopes.includes(part),
      )) {
        putAfter(part, other, charts);
      }
    }
  };
  putAllAfter((other, { namespace }) => isNamespace(other, namespace));
  for (const [first, then] of NEEDED) {
    putAllAfter((other, { chart }) => then.includes(chart) && releaseOf(other)?.chart === first);
  }
}

/** Leaves as it is what comes after already, and what comes before for a reason. */
function putAfter(part: IConstruct, first: IConstruct, charts: ChartOrder): void {
  const [chart, before] = [Chart.of(part), Chart.of(first)];
  if (isAfter(part, first) || isAfter(first, part) || (chart !== before && !charts.putChartAfter(chart, before))) {
    return;
  }
  const [own] = objectsIn(part);
  own.node.addDependency(...objectsIn(first));
}

function isAfter(part: IConstruct, first: IConstruct): boolean {
  const seen = new Set([part]);
  for (const next of seen) {
    for (const earlier of partsBefore(next)) {
      seen.add(earlier);
    }
  }
  return seen.has(first);
}

function isNamespace(construct: IConstruct, name: string): boolean {
  return ApiObject.isApiObject(construct) && construct.kind === 'Namespace' && construct.name === name;
}
