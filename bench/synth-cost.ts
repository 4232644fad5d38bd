import type { ApiObjectProps, App } from 'cdk8s';
import { type Comparison, compare, cpuClock } from './measure';
import { appOfPlus } from './plus';
import type { Row } from './row';
import { appOfManifests, appOfShops, manifestsOfShops } from './system';

const SHOPS = 50;

/** What the constructs cost over plain ApiObjects: from nothing to YAML, both making the same objects. */
export function synthCost({ checks }: { checks: boolean }): Row {
  const manifests = manifestsOfShops(SHOPS);
  return {
    what: `synth of ${manifests.length} objects through the constructs ÷ as raw ApiObjects, checks ${checks ? 'on' : 'off'}`,
    bar: checks ? 1.6 : 1.25,
    result: overRaw(() => appOfShops(SHOPS, { checks }), manifests),
  };
}

/** The same for cdk8s-plus alone: what of that cost is not this library's. */
export function plusCost(): Row {
  const manifests = manifestsOfShops(SHOPS);
  return {
    what: 'for comparison: the same objects by cdk8s-plus, without this library ÷ as raw ApiObjects',
    result: overRaw(() => appOfPlus(manifests), manifests),
  };
}

/** `make` and its synthesis over those of plain ApiObjects, when V8 has compiled both: that takes it some forty rounds. */
function overRaw(make: () => App, manifests: readonly ApiObjectProps[]): Comparison {
  if (make().synthYaml() !== appOfManifests(manifests).synthYaml()) {
    throw new Error('The two sides write different YAML, so their times cannot be compared.');
  }
  return compare(
    () => make().synthYaml(),
    () => appOfManifests(manifests).synthYaml(),
    { clock: cpuClock, warmUp: 50, rounds: 30 },
  );
}
