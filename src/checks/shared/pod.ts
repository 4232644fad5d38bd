/*
 * The pods that a workload makes, as far as checks look into them.
 */
import type { Node } from '../../mesh/node';
import type { Workload } from '../../mesh/workload';

/** The pod template of a workload; a Pod itself. Its metadata and spec stand below. */
export function podOf({ object, podPath }: Workload): Node {
  return podPath === '' ? object.node : podPath.split('.').reduce((node, key) => node.get(key), object.node);
}

/** The containers of the pods, those that run first included. */
export function containersOf(workload: Workload): readonly Node[] {
  const spec = podOf(workload).get('spec');
  return [...spec.get('initContainers').maps(), ...spec.get('containers').maps()];
}
