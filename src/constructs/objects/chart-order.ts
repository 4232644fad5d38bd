/*
 * The order in which an app is applied, for what has to come after something that was made anywhere in it.
 */
import { type ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { objectsIn } from './objects-in';

/** Which chart comes after which, by the rules of cdk8s: after what its constructs depend on, and after charts within it. */
export class ChartOrder {
  private readonly before = new Map<Chart, Set<Chart>>();

  public constructor(root: IConstruct) {
    for (const construct of root.node.findAll().filter(({ node }) => node.scopes.some(Chart.isChart))) {
      const chart = Chart.of(construct);
      const within = construct.node.scope;
      if (construct === chart && within !== undefined && Chart.isChart(within)) {
        this.add(within, chart);
      }
      for (const target of construct.node.dependencies) {
        this.add(chart, Chart.of(target));
      }
    }
  }

  /** Has `object` come after all of `first`; false where that cannot be, because the chart of `first` comes after its own. */
  public putAfter(object: ApiObject, first: IConstruct): boolean {
    const [chart, firstChart] = [Chart.of(object), Chart.of(first)];
    if (chart !== firstChart) {
      return this.putChartAfter(chart, firstChart);
    }
    // Object by object: cdk8s has looked already at what a construct stands for.
    object.node.addDependency(...objectsIn(first));
    return true;
  }

  /** Has `chart` come after `first`; false where that cannot be. */
  public putChartAfter(chart: Chart, first: Chart): boolean {
    if (this.isAfter(first, chart)) {
      return false;
    }
    if (!this.before.get(chart)?.has(first)) {
      this.add(chart, first);
      chart.node.addDependency(first);
    }
    return true;
  }

  /** Whether `chart` comes after `first` already. */
  public isAfter(chart: Chart, first: Chart): boolean {
    const seen = new Set([chart]);
    for (const next of seen) {
      this.before.get(next)?.forEach((earlier) => {
        seen.add(earlier);
      });
    }
    return chart !== first && seen.has(first);
  }

  /** Has cdk8s know of all that is known here. It would find out itself before it writes, and not before it is asked for an order. */
  public settle(): void {
    for (const [chart, before] of this.before) {
      chart.node.addDependency(...[...before].filter((first) => first !== chart));
    }
  }

  private add(chart: Chart, first: Chart): void {
    const before = this.before.get(chart) ?? new Set();
    this.before.set(chart, before.add(first));
  }
}
