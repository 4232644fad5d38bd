/*
 * The containers of the pods that a workload makes.
 */
import type { Node } from '../../manifests/node';
import { podOf, type Workload } from '../../model/workload';

/** Those that run first included. */
export function containersOf(workload: Workload): readonly Node[] {
  const spec = podOf(workload).get('spec');
  return [...spec.get('initContainers').maps(), ...spec.get('containers').maps()];
}
