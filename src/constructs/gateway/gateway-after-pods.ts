/*
 * A Gateway comes after the pods that are to serve it, where one app makes both.
 */
import { type ApiObject, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { ChartOrder } from '../objects/chart-order';
import { clusterOf } from '../objects/unique-objects';
import { validateApp } from '../objects/validation';
import { isOfPlatform } from '../platform/platform-first';
import type { IGatewayPods } from './gateway-pods';

interface Served extends IConstruct {
  readonly resource: ApiObject;
  readonly _pods?: IGatewayPods;
}

/** Has every gateway in the app of `scope` depend on its pods. */
export function putGatewaysAfterPods(
  scope: Construct,
  isGateway: (construct: IConstruct) => construct is Served,
): void {
  // A validation, because only then all that comes before something for another reason is known.
  validateApp(scope, 'gateways-after-pods', (root) => ({
    validate: () => dependOnPods(root, root.node.findAll().filter(isGateway)),
  }));
}

function dependOnPods(root: IConstruct, gateways: readonly Served[]): string[] {
  const charts = new ChartOrder(root);
  return gateways.flatMap(({ resource, _pods: pods }) =>
    pods === undefined || pods.node.root !== root || isPutAfter(resource, pods, charts)
      ? []
      : `The pods of Gateway '${resource.name}' are made in chart '${Chart.of(pods).node.path}' (${pods.node.path}), which comes after chart '${Chart.of(resource).node.path}' with the Gateway, ` +
        `so that on a first apply nobody would serve it. Make them in a chart of their own, or in '${Chart.of(resource).node.path}'.`,
  );
}

/** Of a chart that comes before all of its cluster, nothing more has to be said. */
function isPutAfter(resource: ApiObject, pods: IGatewayPods, charts: ChartOrder): boolean {
  const [chart, first] = [Chart.of(resource), Chart.of(pods)];
  return chart !== first && isOfPlatform(first) && clusterOf(chart) === clusterOf(first)
    ? !charts.isAfter(first, chart)
    : charts.putAfter(resource, pods);
}
