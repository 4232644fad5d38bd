/*
 * Shares of the requests among the versions of a service. Istio's weights are whole numbers, so percents become tenths,
 * hundredths or thousandths where they have to.
 */
import { show } from '../objects/refuse';
import type { ServiceVersion } from '../workload/service-version';
import type { VersionedService } from '../workload/versioned-service';
import { type OptionPlace, refuseOption, refuseTogether, within } from './option-place';
import type { TrafficTarget } from './route-options';

/** A version's share, in thousandths of a percent. */
export interface Share {
  readonly version: ServiceVersion;
  readonly thousandths: number;
}

const ALL = 100_000;

/** The shares of a route to `own`, its own version's first; those of 0 are among them. */
export function sharesOf(own: ServiceVersion, split: readonly TrafficTarget[] = []): Share[] {
  const targets = split.map(({ version, percent }) => ({ version, thousandths: thousandthsOf(percent) }));
  return [{ version: own, thousandths: ALL - sum(targets) }, ...targets];
}

/** The weights of shares: percents where those are whole. */
export function weightsOf(shares: readonly Share[]): number[] {
  const unit = [1000, 100, 10].find((unit) => shares.every(({ thousandths }) => thousandths % unit === 0)) ?? 1;
  return shares.map(({ thousandths }) => thousandths / unit);
}

/** As a user writes it: `0.1`. */
export function percentOf({ thousandths }: Share): number {
  return thousandths / 1000;
}

/** Throws unless a route to `own` can be split so. */
export function checkSplit(place: OptionPlace, own: ServiceVersion, split: readonly TrafficTarget[] = []): void {
  split.forEach(({ version, percent }, index) => {
    const at = within(place, `split[${index}]`);
    checkTarget(at, own.service, version);
    checkPercent(at, percent);
    if (version === own) {
      refuseTogether(at, `version '${own.version}' is the route's own, which gets what the others leave; leave it out`);
    }
    if (split.findIndex((other) => other.version === version) < index) {
      refuseTogether(at, `version '${version.version}' is listed twice; give it one share`);
    }
  });
  const hashed = split.length === 0 ? undefined : [own, ...split.map((target) => target.version)].find(hashes);
  if (hashed !== undefined) {
    refuseTogether(
      within(place, 'split'),
      `version '${hashed.version}' has a load balancer that keeps a user on one pod, and shares draw the version anew for each request, so users would change pods anyway; leave out loadBalancer, or the split`,
    );
  }
  const total = sum(sharesOf(own, split).slice(1));
  if (total > ALL) {
    refuseTogether(
      within(place, 'split'),
      `the shares add up to ${total / 1000} percent, more than 100; what they leave is for version '${own.version}'`,
    );
  }
}

function hashes(version: ServiceVersion): boolean {
  return version._usesConsistentHash();
}

/** Throws unless a route of `service` can lead to `version`. */
export function checkTarget({ scope, what }: OptionPlace, service: VersionedService, version: ServiceVersion): void {
  if (version.service !== service) {
    refuseTogether(
      { scope, what },
      `version ${show(version.version)} is a version of service '${version.service.name}', not of '${service.name}'; pass one of its own`,
    );
  }
  if (version.retired) {
    refuseTogether(
      { scope, what },
      `version '${version.version}' of service '${service.name}' is retired, so no route may lead to it, not even at 0 percent; name another, or take retired from its options`,
    );
  }
}

/** Throws unless it is a percent that Istio can be told. */
export function checkPercent(place: OptionPlace, percent: number): void {
  if (!(percent >= 0 && percent <= 100)) {
    refuseOption(place, 'percent', percent, 'is not a share: a number from 0 to 100');
  }
  if (Math.abs(percent * 1000 - thousandthsOf(percent)) > 1e-6) {
    refuseOption(place, 'percent', percent, 'has more than three decimals, which is finer than shares are; round it');
  }
}

function thousandthsOf(percent: number): number {
  return Math.round(percent * 1000);
}

function sum(shares: readonly Share[]): number {
  return shares.reduce((total, { thousandths }) => total + thousandths, 0);
}
