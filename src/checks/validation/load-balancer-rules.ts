/*
 * Rules for the loadBalancer of a trafficPolicy (`validateLoadBalancer`).
 */

import type { Node } from '../../manifests/node';
import { scalarText } from '../../syntax/scalar-text';
import { duration, readableDuration } from './common-rules';
import { has, is, lacks, not, number, repeated } from './conditions';
import { locality, zoneAware } from './locality-rules';
import { all, at, NOTHING, notBoth, type Refusal, type Rule, refuse, refuseIf, warnIf } from './refusal';

const ATTRIBUTES: Rule = (cookie) => {
  const names = cookie
    .get('attributes')
    .items()
    .map((attribute) => attribute.get('name'));
  const again = repeated(names);
  const help = 'Write each attribute once, by its name.';
  return names.flatMap((name) =>
    again.includes(name)
      ? refuse(name, `The cookie has the attribute ${scalarText(name.value)} twice`, help)
      : name.value === ''
        ? refuse(name, 'An attribute of a cookie needs a name', help)
        : NOTHING,
  );
};

const COOKIE: Rule = all(
  at('name', refuseIf(is(''), 'A cookie needs a name', "Write 'name: user'.")),
  at('ttl', readableDuration),
  ATTRIBUTES,
);

/** Envoy's table has to be a prime number of entries, and less than this. */
const TOO_LARGE = 5_000_011;

// biome-ignore format: a table
const tableSize = refuseIf(number((value) => !(isPrime(value) && value < TOO_LARGE)),
  'maglev cannot have a table of {} entries', `Write a prime number below ${TOO_LARGE}, such as 65537.`);

/** As Envoy has it, for which 1 is one, too. */
function isPrime(value: number): boolean {
  if (value > 0 && value < 4) {
    return true;
  }
  if (value % 2 === 0) {
    return false;
  }
  for (let factor = 3; factor * factor <= value; factor += 2) {
    if (value >= TOO_LARGE || value % factor === 0) {
      return false;
    }
  }
  return true;
}

const hasOldRingSize = (node: Node) => number((size) => size !== 0)(node.get('minimumRingSize'));

// biome-ignore format: a table
const CONSISTENT_HASH: Rule = all(
  at('httpCookie', COOKIE),
  warnIf(hasOldRingSize,
    'minimumRingSize is deprecated here', "Write 'ringHash: {minimumRingSize: …}'.", 'minimumRingSize'),
  refuseIf((node) => hasOldRingSize(node) && not(lacks('maglev', 'ringHash'))(node),
    'minimumRingSize cannot be combined with maglev or ringHash', 'Take it out.'),
  at('maglev',
    refuseIf(lacks('tableSize'), 'maglev needs the size of its table', "Write 'tableSize: 65537'.", 'tableSize'),
    at('tableSize', tableSize),
  ),
);

// biome-ignore format: a table
const WARMUP: Rule = all(
  at('duration', duration),
  at('aggression', refuseIf(number((value) => value <= 0),
    'The aggression of a warmup cannot be {}', 'Write 1, or another number above 0.')),
);

/** Of the part of a trafficPolicy that has the loadBalancer, and perhaps the outlierDetection that failover needs. */
export function loadBalancer(settings: Node): readonly Refusal[] {
  const hasOutliers = has(settings, 'outlierDetection');
  return at(
    'loadBalancer',
    at('consistentHash', CONSISTENT_HASH),
    notBoth('A loadBalancer', 'localityLbSetting', 'zoneAwareLbSetting'),
    at('localityLbSetting', locality(hasOutliers)),
    at('zoneAwareLbSetting', zoneAware(hasOutliers)),
    at('warmup', WARMUP),
  )(settings);
}
