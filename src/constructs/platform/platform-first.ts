/*
 * The charts of the platform come before all others, wherever in the app they were made: their files are applied first, and pods
 * that are there before istiod get no sidecar.
 */
import { Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { ChartOrder } from '../objects/chart-order';
import { CLUSTER_CONTEXT } from '../objects/unique-objects';
import { validateApp } from '../objects/validation';
import { releaseOf } from './release';

/** Has all charts in the app of `scope` that have no part of the platform depend on those that have, where nothing forbids it. */
export function putPlatformFirst(scope: Construct): void {
  // A validation, because it runs when all charts are there and before any order is asked for.
  validateApp(scope, 'platform-first', (root) => ({ validate: () => dependOnPlatform(root) }));
}

function dependOnPlatform(root: IConstruct): string[] {
  const constructs = root.node.findAll();
  const platform = new Set(constructs.filter((construct) => releaseOf(construct) !== undefined).map(Chart.of));
  const order = new ChartOrder(root);
  for (const chart of constructs.filter((construct): construct is Chart => Chart.isChart(construct))) {
    for (const first of platform.has(chart) ? [] : platform) {
      if (clusterOf(chart) === clusterOf(first)) {
        // Where it cannot be, because the platform depends on that chart, that is as it was said.
        order.putAfter(chart, first);
      }
    }
  }
  return [];
}

function clusterOf({ node }: Chart): unknown {
  return node.tryGetContext(CLUSTER_CONTEXT);
}
