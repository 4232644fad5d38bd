import { compare, cpuClock } from './measure';
import { appOfPlus } from './plus';
import type { Row } from './row';
import { appOfManifests, appOfShops, manifestsOfShops } from './system';

const SHOPS = 50;

/** What the constructs cost over plain ApiObjects: from nothing to YAML, both making the same objects. */
export function synthCost(checks: boolean): Row {
  const manifests = manifestsOfShops(SHOPS);
  return {
    what: `synth of ${manifests.length} objects through the constructs ÷ as raw ApiObjects, checks ${checks ? 'on' : 'off'}`,
    bar: checks ? 1.6 : 1.25,
    result: compare(
      () => appOfShops(SHOPS, { checks }).synthYaml(),
      () => appOfManifests(manifests).synthYaml(),
      { clock: cpuClock, warmUp: 6, rounds: 24 },
    ),
  };
}

/** The same for cdk8s-plus alone: what of that cost is not this library's. */
export function plusCost(): Row {
  const manifests = manifestsOfShops(SHOPS);
  return {
    what: 'for comparison: the same objects by cdk8s-plus, without this library ÷ as raw ApiObjects',
    result: compare(
      () => appOfPlus(manifests).synthYaml(),
      () => appOfManifests(manifests).synthYaml(),
      { clock: cpuClock, warmUp: 6, rounds: 24 },
    ),
  };
}
