/*
 * A lane: one key that carries a request through a chain of services, each by its version of the lane where it has one.
 */

import type { ServiceVersion } from '../workload/service-version';
import type { VersionedService } from '../workload/versioned-service';
import { writeBaggage } from './baggage';
import type { HeaderCondition } from './condition';
import type { LaneOptions } from './header-routed-mesh-options';
import { type OptionPlace, refuseTogether } from './option-place';
import type { RequestMatch } from './request-match';
import type { Rule } from './route';
import type { HeaderModifier, RouteOptions } from './route-options';
import type { RouteTable } from './route-table';
import { checkTarget } from './shares';

/** Headers of clients and proxies: for what is theirs there is one value. */
const OWNED =
  /^(accept(-.+)?|authorization|baggage|connection|content-.+|cookie|date|expect|forwarded|from|if-.+|keep-alive|origin|pragma|cache-control|proxy-.+|range|referer|sec-.+|te|trace(parent|state)|trailer|transfer-encoding|upgrade(-.+)?|user-agent|via|x-b3-.+|x-envoy-.+|x-forwarded-.+|x-real-ip|x-request-id)$/;

/** The header that apps have to pass on, and how the gateway writes the key into it. */
export interface LaneKey {
  readonly header: string;
  readonly stamp: HeaderModifier;
}

/** Throws unless `match` is a key that the gateway can write and apps can pass on. */
export function laneKeyOf(place: OptionPlace, match: RequestMatch): LaneKey {
  const [alternative, ...others] = match._alternatives();
  const [condition, ...more] = alternative;
  if (others.length > 0 || more.length > 0 || condition.on !== 'header' || condition.negated) {
    refuseKey(place);
  }
  const header = condition.name.toLowerCase();
  if (header.startsWith(':')) {
    refuseKey(place);
  }
  if ('exact' in condition.match && OWNED.test(header)) {
    refuseTogether(
      place,
      `header '${condition.name}' of match says something else already, which a key would take the place of; write a header of your own, as in HeaderMatch.exact('x-lane', 'beta'), or HeaderMatch.baggage('lane', 'beta')`,
    );
  }
  return { header, stamp: stampOf(place, header, condition.match) };
}

function stampOf(place: OptionPlace, header: string, match: HeaderCondition['match']): HeaderModifier {
  if ('exact' in match) {
    return { set: { [header]: match.exact } };
  }
  // Added, so that what else the header carries stays.
  return 'baggage' in match ? { add: { [header]: writeBaggage(match.baggage) } } : refuseKey(place);
}

function refuseKey(place: OptionPlace): never {
  refuseTogether(
    place,
    "match is not one key that apps can pass on; write HeaderMatch.exact('x-lane', 'beta') or HeaderMatch.baggage('lane', 'beta')",
  );
}

/** Throws unless each version is one that the mesh routes to. */
export function checkLane(
  place: OptionPlace,
  { versions }: LaneOptions,
  tables: ReadonlyMap<VersionedService, RouteTable>,
): void {
  if (versions.length === 0) {
    refuseTogether(place, 'versions is empty, so the lane would lead nowhere; name at least one');
  }
  const seen = new Map<VersionedService, ServiceVersion>();
  for (const version of versions) {
    const { service } = version;
    const earlier = seen.get(service);
    if (!tables.has(service)) {
      refuseTogether(
        place,
        `version '${version.version}' is a version of service '${service.name}', which this mesh does not route; add that service with addService first`,
      );
    }
    if (earlier !== undefined) {
      refuseTogether(
        place,
        `versions '${earlier.version}' and '${version.version}' are both of service '${service.name}', and a lane has one a service; leave out one`,
      );
    }
    checkTarget(place, service, version);
    seen.set(service, version);
  }
}

/**
 * The rules of a lane for one service. A request that carries the key is on the lane already, so that rule comes first. Both
 * do what the default route does, but to the version of the lane; a service without one keeps the default's shares.
 */
export function laneRules(
  name: string,
  { match, versions, entry }: LaneOptions,
  { stamp }: LaneKey,
  { service, byDefault, isAtGateway }: RouteTable,
): Rule[] {
  const version = versions.find((candidate) => candidate.service === service);
  const { name: _name, sessionAffinity: _affinity, ...alike } = byDefault.options;
  const { split: _split, mirror: _mirror, ...onLane } = alike;
  const options: RouteOptions = version === undefined ? alike : onLane;
  const rules: Rule[] = [];
  if (version !== undefined) {
    rules.push({ name: `lane-${name}`, service, match, action: { kind: 'forward', version, options } });
  }
  if (entry !== undefined && isAtGateway) {
    const stamped = { ...options, requestHeaders: joined(options.requestHeaders, stamp) };
    rules.push({
      name: `lane-${name}-entry`,
      service,
      match: entry,
      action: { kind: 'forward', version: version ?? byDefault.version, options: stamped },
      isEntry: true,
    });
  }
  return rules;
}

function joined(one: HeaderModifier = {}, other: HeaderModifier): HeaderModifier {
  return {
    ...one,
    ...(other.set && { set: { ...one.set, ...other.set } }),
    ...(other.add && { add: { ...one.add, ...other.add } }),
  };
}
