/*
 * consistentHash behind weights: it chooses a pod within the chosen destination, and Envoy chooses the destination anew for each
 * request. Istio does not set Envoy's `use_hash_policy` of weighted clusters.
 */
import { nameOf } from '../../manifests/object';
import { stepsOf } from '../../manifests/path';
import { valueAt } from '../../manifests/placeholder';
import type { MergedDestinationRule } from '../../model/destination-rule';
import type { WeightedDestination } from '../../model/http-route';
import type { MeshModel } from '../../model/model';
import { listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';

export const hashAndWeights: Check = {
  id: 'hash-and-weights',
  title: 'Weights undo consistentHash',
  severity: Severity.INFO,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const { http, object } of mesh.virtualServices) {
      for (const { destinations, path } of http) {
        const drawn = destinations.filter(({ weight }) => weight > 0);
        const hashing = distinct(drawn) < 2 ? [] : drawn.filter((one) => isHashed(mesh, one, object.namespace));
        if (hashing.length === 0) {
          continue;
        }
        const rule = ruleFor(mesh, hashing[0], object.namespace)?.rules[0].object ?? object;
        const hosts = listOf([...new Set(hashing.map(({ destination }) => destination.writtenHost))]);
        report({
          object,
          path: `${path}.route`,
          message: `consistentHash of ${nameOf(rule)} keeps a user on one pod within a destination, but not on one destination. By the weights of this rule, Envoy chooses the destination anew for each request to ${hosts}, so users change between versions.`,
          help: 'If only the pod within a version matters, change nothing. To keep users on one version, match a header or cookie that names the version, in a rule before this one.',
        });
      }
    }
  },
};

function distinct(destinations: readonly WeightedDestination[]): number {
  return new Set(destinations.map(({ destination: { host, subset = '' } }) => `${host} ${subset}`)).size;
}

function ruleFor(
  mesh: MeshModel,
  { destination: { host } }: WeightedDestination,
  namespace: string,
): MergedDestinationRule | undefined {
  const service = mesh.service(host, namespace);
  return service && mesh.destinationRule(host, service.namespace, namespace);
}

/** What the subset says of load balancing takes the place of what the first rule with a policy says. */
function isHashed(mesh: MeshModel, one: WeightedDestination, namespace: string): boolean {
  const rule = ruleFor(mesh, one, namespace);
  const subset = rule?.subsets.get(one.destination.subset ?? '');
  const ofSubset = subset && valueAt(subset.object.raw, stepsOf(`${subset.path}.trafficPolicy.loadBalancer`));
  const whole = rule?.rules.find(({ hasTrafficPolicy }) => hasTrafficPolicy)?.object;
  const balancer = ofSubset ?? valueAt(whole?.raw, stepsOf('spec.trafficPolicy.loadBalancer'));
  return typeof valueAt(balancer, ['consistentHash']) === 'object' && valueAt(balancer, ['consistentHash']) !== null;
}
