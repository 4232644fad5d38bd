import type { App } from 'cdk8s';
import { type Comparison, compare, cpuClock } from './measure';
import { appOfPlus } from './plus';
import type { Row } from './row';
import { appOfManifests, appOfShops, manifestsOfShops } from './system';

const SHOPS = 50;

/** What the constructs cost over cdk8s-plus: the floor, since the workloads and Services are made with it. */
export function overPlus(): Row {
  const manifests = manifestsOfShops(SHOPS);
  return {
    what: `synth of ${manifests.length} objects through the constructs ÷ by cdk8s-plus without this library, checks off`,
    bar: 1.1,
    result: over(
      () => appOfPlus(manifests),
      () => appOfShops(SHOPS),
    ),
  };
}

/** What the constructs cost over plain ApiObjects. */
export function overRaw({ checks }: { checks: boolean }): Row {
  const manifests = manifestsOfShops(SHOPS);
  return {
    what: `synth of ${manifests.length} objects through the constructs ÷ as raw ApiObjects, checks ${checks ? 'on' : 'off'}`,
    bar: checks ? 1.6 : 1.3,
    result: over(
      () => appOfManifests(manifests),
      () => appOfShops(SHOPS, { checks }),
    ),
  };
}

/**
 * `make` and its synthesis, from nothing to YAML, over those of `baseline`, which makes the same objects. Measured when V8 has
 * compiled both: that takes it some forty rounds.
 */
function over(baseline: () => App, make: () => App): Comparison {
  if (make().synthYaml() !== baseline().synthYaml()) {
    throw new Error('The two sides write different YAML, so their times cannot be compared.');
  }
  return compare(
    () => make().synthYaml(),
    () => baseline().synthYaml(),
    { clock: cpuClock, warmUp: 50, rounds: 30 },
  );
}
