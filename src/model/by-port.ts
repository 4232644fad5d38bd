/*
 * What a traffic policy says of one thing, as a whole and for single ports (`GetPortLevelTrafficPolicy`, `MergeSubsetTrafficPolicy`).
 */
import type { Node } from '../manifests/node';

export interface ByPort<T> {
  readonly all?: T;
  /** Of a port that has settings of its own, what they say, be it nothing. */
  readonly byPort: ReadonlyMap<number, T | undefined>;
}

/** Absent is what has no traffic policy at all. */
export function readByPort<T>(trafficPolicy: Node, read: (settings: Node) => T | undefined): ByPort<T> | undefined {
  if (!trafficPolicy.present) {
    return undefined;
  }
  const byPort = new Map<number, T | undefined>();
  for (const settings of trafficPolicy.get('portLevelSettings').maps()) {
    const number = settings.get('port').get('number').number();
    if (number !== undefined && !byPort.has(number)) {
      byPort.set(number, read(settings));
    }
  }
  return { all: read(trafficPolicy), byPort };
}

/** A port's settings stand alone, and a subset's in front of those of the rule. */
export function inForce<T>(
  ofRule: ByPort<T> | undefined,
  ofSubset: ByPort<T> | undefined,
  port: number,
): T | undefined {
  if (ofSubset?.byPort.has(port)) {
    return ofSubset.byPort.get(port);
  }
  return ofSubset?.all ?? (ofRule?.byPort.has(port) ? ofRule.byPort.get(port) : ofRule?.all);
}
