/*
 * Rules for the loadBalancer of a trafficPolicy (`validateLoadBalancer`).
 */
import type { Node } from '../../manifests/node';
import { scalarText } from '../../syntax/scalar-text';
import { locality } from './locality-rules';
import { duration, has, NOTHING, type Refusal, readableDuration, refuse, warn, written } from './refusal';

/** @param settings which have the loadBalancer, and perhaps the outlierDetection that failover needs */
export function loadBalancer(settings: Node): readonly Refusal[] {
  const node = settings.get('loadBalancer');
  return [
    ...(has(node, 'consistentHash') ? consistentHash(node.get('consistentHash')) : NOTHING),
    ...(has(node, 'localityLbSetting')
      ? locality(node.get('localityLbSetting'), has(settings, 'outlierDetection'))
      : NOTHING),
    ...(has(node, 'warmup') ? warmup(node.get('warmup')) : NOTHING),
  ];
}

function consistentHash(node: Node): readonly Refusal[] {
  const ringSize = node.get('minimumRingSize');
  const old = typeof ringSize.value === 'number' && ringSize.value !== 0;
  return [
    ...cookie(node.get('httpCookie')),
    ...(old
      ? warn(ringSize, 'minimumRingSize is deprecated here', "Write 'ringHash: {minimumRingSize: …}'.")
      : NOTHING),
    ...(old && written(node, 'maglev', 'ringHash').length > 0
      ? refuse(node, 'minimumRingSize cannot go with maglev or ringHash', 'Take it out.')
      : NOTHING),
    ...(has(node, 'maglev') ? maglev(node.get('maglev')) : NOTHING),
  ];
}

function cookie(node: Node): readonly Refusal[] {
  const seen = new Set<unknown>();
  const name = node.get('name');
  return [
    ...(name.value === '' ? refuse(name, 'A cookie needs a name', "Write 'name: user'.") : NOTHING),
    ...readableDuration(node.get('ttl')),
    ...node
      .get('attributes')
      .items()
      .map((attribute) => attribute.get('name'))
      .flatMap((attribute) => {
        const again = seen.has(attribute.value);
        seen.add(attribute.value);
        return attribute.value === '' || again
          ? refuse(
              attribute,
              again ? `The cookie has ${scalarText(attribute.value)} twice` : 'An attribute of a cookie needs a name',
              'Write each attribute once, by its name.',
            )
          : NOTHING;
      }),
  ];
}

/** Envoy's table has to be a prime number of entries, and less than this. */
const TOO_LARGE = 5_000_011;

function maglev(node: Node): readonly Refusal[] {
  const size = node.get('tableSize');
  const { value = 0 } = size;
  return typeof value !== 'number' || (isPrime(value) && value < TOO_LARGE)
    ? NOTHING
    : refuse(
        size,
        `maglev cannot have a table of ${value} entries`,
        `Write a prime number below ${TOO_LARGE}, such as 65537.`,
      );
}

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

function warmup(node: Node): readonly Refusal[] {
  const aggression = node.get('aggression');
  return [
    ...duration(node.get('duration')),
    ...(typeof aggression.value === 'number' && aggression.value <= 0
      ? refuse(
          aggression,
          `The aggression of a warmup cannot be ${aggression.value}`,
          'Write 1, or another number above 0.',
        )
      : NOTHING),
  ];
}
