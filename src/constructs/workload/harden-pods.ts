import { ApiObject, JsonPatch } from 'cdk8s';
import type { Deployment } from 'cdk8s-plus-27';

/** The parts of a good pod that cdk8s-plus-27 has no words for. */
export function hardenPods(
  deployment: Deployment,
  options: { spread: boolean; selector: { readonly [key: string]: string } },
): void {
  const patches = [
    JsonPatch.add('/spec/template/spec/securityContext/seccompProfile', { type: 'RuntimeDefault' }),
    // Otherwise a Service `apis` gives every pod a variable APIS_PORT=tcp://…, which apps that read *_PORT choke on.
    JsonPatch.add('/spec/template/spec/enableServiceLinks', false),
  ];
  if (options.spread) {
    const constraint = {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: { ...options.selector } },
    };
    patches.push(JsonPatch.add('/spec/template/spec/topologySpreadConstraints', [constraint]));
  }
  ApiObject.of(deployment).addJsonPatch(...patches);
}
