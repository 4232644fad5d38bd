import { placeIn } from '../../manifests/object';
import type { EffectiveVirtualService } from '../../model/model';
import type { Skipped } from './proxy-config';

/** Rules that Istio drops when it merges a delegate. */
export function droppedRules(owners: readonly EffectiveVirtualService[]): readonly Skipped[] {
  return [...new Set(owners)].flatMap(({ dropped }) =>
    dropped.map(({ reason, via }) => ({ reason: `is dropped: ${reason}`, origin: placeIn(via.object, via.path) })),
  );
}
