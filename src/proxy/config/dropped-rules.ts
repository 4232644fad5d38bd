import { placeIn } from '../../manifests/object';
import type { EffectiveVirtualService } from '../../model/model';
import type { Skipped } from './proxy-config';

/** Rules that do not come through to a delegate, or from it. */
export function droppedRules(owners: readonly EffectiveVirtualService[]): readonly Skipped[] {
  return [...new Set(owners)].flatMap(({ dropped }) =>
    dropped.map(({ reason, via }) => ({ reason: `vanishes: ${reason}`, origin: placeIn(via.object, via.path) })),
  );
}
