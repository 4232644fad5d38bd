/*
 * Rules for load balancing by locality (`ValidateLocalityLbSetting`) and by zone (`ValidateZoneAwareLbSetting`).
 */

import type { Node } from '../../manifests/node';
import { scalarNumber, scalarText } from '../../syntax/scalar-text';
import { filled, is, says } from './conditions';
import { all, at, NOTHING, notBoth, type Refusal, type Rule, refuse, refuseIf, warnIf, when } from './refusal';

const PLACES = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

// biome-ignore format: a table
const FAILOVER: Rule = all(
  refuseIf((node) => (node.get('from').value ?? '') === (node.get('to').value ?? ''),
    'A failover needs two different regions', "Write 'from' and 'to' with a region each."),
  refuseIf((node) => ['from', 'to'].some((end) => /[/*]/.test(scalarText(node.get(end).value ?? ''))),
    'A failover is from one region to another, without zones and wildcards', 'Write the names of regions.'),
);

/** @param hasOutliers whether outlierDetection stands beside it */
const needsOutliers = (hasOutliers: boolean) =>
  warnIf(
    (node) => filled(node, 'failover', 'failoverPriority').length > 0 && !hasOutliers,
    'Without outlierDetection, failover has no effect',
    'Add outlierDetection beside loadBalancer.',
  );

// biome-ignore format: a table
const placeBesideFailover = at('failoverPriority[]', refuseIf(is(...PLACES),
  "failover cannot be combined with '{}' in failoverPriority", 'Keep one of the two.'));

/** @param hasOutliers whether outlierDetection stands beside it */
export function locality(hasOutliers: boolean): Rule {
  return all(
    notBoth('A localityLbSetting', 'distribute', 'failover'),
    when((node) => says(node, 'failover'), placeBesideFailover),
    at('distribute[]', shares),
    (node) => overlaps(sourcesOf(node)),
    needsOutliers(hasOutliers),
    at('failover[]', FAILOVER),
  );
}

/** @param hasOutliers whether outlierDetection stands beside it */
export function zoneAware(hasOutliers: boolean): Rule {
  // biome-ignore format: a table
  return all(
    at('failoverPriority[]', refuseIf(is(...PLACES),
      "zoneAwareLbSetting already uses regions and zones, so '{}' cannot be a priority", 'Take it out.')),
    needsOutliers(hasOutliers),
    at('failover[]', FAILOVER),
  );
}

type Place = readonly [name: string, node: Node];

function sourcesOf(setting: Node): readonly Place[] {
  return setting
    .get('distribute')
    .items()
    .map((each) => each.get('from'))
    .map((from) => [scalarText(from.value ?? ''), from]);
}

function shares(node: Node): readonly Refusal[] {
  const shares = node.get('to').entries();
  const total = shares.reduce((sum, [, { value }]) => sum + scalarNumber(value), 0);
  const wrong = shares.find(([, { value }]) => scalarNumber(value) < 1 || scalarNumber(value) > 100);
  if (wrong !== undefined) {
    return refuse(wrong[1], `${scalarText(wrong[1].value)} is not a share`, 'Write a whole number from 1 to 100.');
  }
  if (Number.isNaN(total)) {
    // No numbers, which is another check's business.
    return NOTHING;
  }
  if (total !== 100) {
    return refuse(node, `The shares of a locality add up to ${total}, not to 100`, 'Write shares in percent.');
  }
  // Istio takes them in no certain order, by which one of '*' and others overlaps or not.
  return shares.length > 1 && shares.some(([place]) => place === '*') ? NOTHING : overlaps(shares);
}

/** `validateLocalities`: each place for itself, and no two that share a part. */
function overlaps(places: readonly Place[]): readonly Refusal[] {
  const known: string[][] = [];
  return places.flatMap(([place, node]) => {
    const parts = partsOf(place);
    if (parts.includes('') || !/^[^*]*\*?$/.test(place)) {
      return refuse(
        node,
        `'${place}' is not a locality`,
        "Write region/zone/subzone, or fewer of them, with '*' at the end for all.",
      );
    }
    const other = known.find((each) => overlap(each, parts));
    known.push(parts);
    return other === undefined
      ? NOTHING
      : refuse(node, `The localities '${other.join('/')}' and '${place}' overlap`, 'Write each place once.');
  });
}

/** The subzone may have slashes of its own. */
function partsOf(place: string): string[] {
  const [region, zone, ...subzone] = place.split('/');
  return zone === undefined ? [region] : subzone.length === 0 ? [region, zone] : [region, zone, subzone.join('/')];
}

/** Whether Istio takes the later of two for a part of the earlier, or the other way round. */
function overlap(earlier: readonly string[], later: readonly string[]): boolean {
  if (earlier[0] === '*') {
    return true;
  }
  if (earlier[0] !== later[0]) {
    return false;
  }
  const [zone = '*', subzone = '*'] = earlier.slice(1);
  const [laterZone, laterSubzone] = later.slice(1);
  if (laterZone === undefined || zone === '*') {
    return true;
  }
  return zone === laterZone && (laterSubzone === undefined || subzone === '*' || subzone === laterSubzone);
}
