/*
 * What routes do beside leading to a version, as the constructs offer it.
 */
import { Duration } from 'cdk8s';
import {
  type CorsPolicy,
  type DefaultRouteOptions,
  type FaultInjection,
  type HeaderModifier,
  RetryOn,
  type RetryOptions,
  type RouteOptions,
  SameSite,
  type ServiceVersion,
  type SessionAffinity,
  type TrafficTarget,
} from '../../src';
import type { Random } from '../random';

export interface Where {
  /** Whether requests come through a gateway, where clients keep cookies. */
  readonly isOutside: boolean;
  /** The same for all routes of a mesh, since preflights take the default one. */
  readonly corsPolicy?: CorsPolicy;
}

export function anyRouteOptions(
  random: Random,
  version: ServiceVersion,
  { isOutside, corsPolicy }: Where,
): RouteOptions {
  const rewrite = random.maybe(0.1, () => ({ host: 'inner.example.com' }));
  const fault = random.maybe(0.15, () => anyFault(random));
  const { timeout, retries, ...options } = anyDefaultRoute(random, version, {
    isOutside: isOutside && random.chance(0.4),
    corsPolicy,
  });
  // A fault excludes both.
  return { ...options, ...(rewrite && { rewrite }), ...(fault ? { fault } : { timeout, retries }) };
}

export function anyDefaultRoute(
  random: Random,
  version: ServiceVersion,
  { isOutside, corsPolicy }: Where,
): DefaultRouteOptions {
  const others = version.service.versions.filter((other) => other !== version);
  const split = random.maybe(others.length > 0 ? 0.6 : 0, () => shares(random, others));
  const mirror = random.maybe(others.length > 0 ? 0.15 : 0, () => ({
    version: random.pick(others),
    percent: random.pick([100, 100, 0]),
  }));
  return {
    name: random.maybe(0.2, () => random.pick(['primary', 'by-chance'])),
    // Without it, mirrors and most retries are refused.
    idempotent: true,
    split,
    sessionAffinity: split && isOutside ? random.maybe(0.6, () => affinity(random)) : undefined,
    mirror,
    retries: random.maybe(0.2, () => anyRetries(random)),
    timeout: random.maybe(0.15, () => Duration.seconds(random.pick([1, 15]))),
    requestHeaders: random.maybe(0.2, () => headers(random)),
    responseHeaders: random.maybe(0.1, () => headers(random)),
    corsPolicy,
  };
}

function shares(random: Random, versions: readonly ServiceVersion[]): TrafficTarget[] {
  const chosen = random.some(versions, random.integer(1, 2));
  const percents = chosen.length === 1 ? [0, 0.1, 5, 10, 25, 50, 100] : [0, 0.5, 10, 25, 33.3, 50];
  return chosen.map((version) => ({ version, percent: random.pick(percents) }));
}

function affinity(random: Random): SessionAffinity {
  return {
    maxAge: Duration.hours(1),
    ...(random.chance(0.3) && { cookieName: random.pick(['side', 'a.b']) }),
    ...(random.chance(0.2) && { sameSite: SameSite.STRICT, path: '/api' }),
  };
}

function anyRetries(random: Random): RetryOptions {
  const attempts = random.pick([0, 1, 3]);
  return attempts === 0
    ? { attempts }
    : {
        attempts,
        on: random.maybe(0.7, () => random.some(Object.values(RetryOn), random.integer(1, 3))),
        // Far from how slow a backend is told to be.
        perTryTimeout: random.maybe(0.3, () => Duration.seconds(random.pick([1, 8]))),
      };
}

function anyFault(random: Random): FaultInjection {
  const abort = random.maybe(0.7, () => ({
    status: random.pick([418, 500, 503]),
    percent: random.maybe(0.6, () => random.pick([50, 0.5])),
  }));
  const delay = random.maybe(abort === undefined ? 1 : 0.2, () => ({ duration: Duration.millis(20) }));
  return { abort, delay };
}

function headers(random: Random): HeaderModifier {
  const set = random.maybe(0.6, () => ({ 'x-set': random.pick(['1', '100%', 'a b']) }));
  const add = random.maybe(0.4, () => ({ 'x-added': 'more' }));
  const remove = random.maybe(set === undefined && add === undefined ? 1 : 0.4, () => ['x-user']);
  return { set, add, remove };
}

export function anyCors(random: Random): CorsPolicy {
  return {
    allowOrigins: [random.pick(['https://shop.example.org', '*'])],
    allowMethods: random.maybe(0.5, () => ['GET', 'PUT']),
    maxAge: random.maybe(0.5, () => Duration.minutes(10)),
  };
}
