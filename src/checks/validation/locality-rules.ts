/*
 * Rules for load balancing by locality (`ValidateLocalityLbSetting`).
 */
import type { Node } from '../../manifests/node';
import { scalarNumber, scalarText } from '../../syntax/scalar-text';
import { applyToEach, filled, NOTHING, type Refusal, refuse, warn } from './refusal';

const PLACES = new Set(['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone']);

/** @param hasOutliers whether outlierDetection stands beside it */
export function locality(node: Node, hasOutliers: boolean): readonly Refusal[] {
  const said = filled(node, 'distribute', 'failover', 'failoverPriority');
  const distribute = node.get('distribute');
  const sources = distribute.items().map((each) => each.get('from'));
  return [
    ...(said.includes('distribute') && said.includes('failover')
      ? refuse(node, 'distribute and failover exclude each other', 'Keep one of the two.')
      : NOTHING),
    ...(said.includes('failover') ? placesInPriority(node) : NOTHING),
    ...applyToEach(distribute, [shares]),
    ...overlaps(sources.map((from) => [scalarText(from.value ?? ''), from] as const)),
    ...(said.some((name) => name !== 'distribute') && !hasOutliers
      ? warn(node, 'Without outlierDetection nothing ever fails over', 'Add outlierDetection beside loadBalancer.')
      : NOTHING),
    ...applyToEach(node.get('failover'), [failover]),
  ];
}

function placesInPriority(node: Node): readonly Refusal[] {
  return node
    .get('failoverPriority')
    .items()
    .filter(({ value }) => PLACES.has(scalarText(value)))
    .flatMap((each) =>
      refuse(each, `failover cannot go with '${scalarText(each.value)}' in failoverPriority`, 'Keep one of the two.'),
    );
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
function overlaps(places: readonly (readonly [string, Node])[]): readonly Refusal[] {
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

function failover(node: Node): readonly Refusal[] {
  const [from, to] = [node.get('from').value ?? '', node.get('to').value ?? ''];
  const text = `${scalarText(from)}${scalarText(to)}`;
  return [
    ...(from === to
      ? refuse(node, 'A failover needs two different regions', "Write 'from' and 'to' with a region each.")
      : NOTHING),
    ...(/[/*]/.test(text)
      ? refuse(node, 'A failover is from region to region, without zones and wildcards', 'Write the names of regions.')
      : NOTHING),
  ];
}
