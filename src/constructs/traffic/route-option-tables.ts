/*
 * The options of routes, one table for each struct of theirs.
 */

import { show } from '../objects/refuse';
import {
  duration,
  type FieldsOf,
  flag,
  type Kind,
  list,
  made,
  map,
  number,
  oneOf,
  required,
  Struct,
  text,
} from '../objects/struct';
import { ServiceVersion } from '../workload/service-version';
import { VersionedService } from '../workload/versioned-service';
import { RequestMatch } from './request-match';
import {
  type CorsPolicy,
  type DefaultRouteOptions,
  type FaultAbort,
  type FaultDelay,
  type FaultInjection,
  type HeaderModifier,
  type RedirectOptions,
  type ResponseOptions,
  RetryOn,
  type RetryOptions,
  type RewriteOptions,
  type RouteOptions,
  SameSite,
  type SessionAffinity,
  type TrafficTarget,
} from './route-options';

/** A version of a service. Its name is what callers without a compiler write most often. */
export const version: Kind<ServiceVersion> = {
  complaint: (value) =>
    ServiceVersion._is(value)
      ? undefined
      : {
          below: '',
          says: (place) =>
            typeof value === 'string'
              ? `${place} ${show(value)} is a string, not a version; pass service.version(${show(value)}).`
              : `${place} ${show(value)} is not a version; pass what addVersion returned, or service.version(name).`,
        },
  copy: (value) => value,
};

export const service: Kind<VersionedService> = {
  complaint: (value) =>
    VersionedService._is(value)
      ? undefined
      : { below: '', says: (place) => `${place} ${show(value)} is not a VersionedService; make one and pass it.` },
  copy: (value) => value,
};

export const match: Kind<RequestMatch> = made<RequestMatch>(RequestMatch._is, "HeaderMatch.exact('x-version', 'beta')");

const percent = required(number, 'write a number from 0 to 100, as in 10');

const TARGET = new Struct<TrafficTarget>("{ version: service.version('v2'), percent: 10 }", {
  version: required(version, 'pass what addVersion returned'),
  percent,
});

const AFFINITY = new Struct<SessionAffinity>('{ maxAge: Duration.hours(8) }', {
  maxAge: required(duration, 'write how long a user stays, as in Duration.hours(8)'),
  cookieName: text,
  path: text,
  domain: text,
  secure: flag,
  sameSite: oneOf(SameSite),
});

const RETRIES = new Struct<RetryOptions>('{ attempts: 2 }', {
  attempts: required(number, 'write how often at the most, as in 2'),
  perTryTimeout: duration,
  on: list(oneOf(RetryOn), '[RetryOn.CONNECT_FAILURE]'),
});

const REWRITE = new Struct<RewriteOptions>("{ path: '/new' }", { path: text, host: text });

const HEADERS = new Struct<HeaderModifier>("{ set: { 'x-team': 'storefront' } }", {
  set: map(text, "{ 'x-team': 'storefront' }"),
  add: map(text, "{ 'x-team': 'storefront' }"),
  remove: list(text, "['x-internal']"),
});

const CORS = new Struct<CorsPolicy>("{ allowOrigins: ['https://shop.example.com'] }", {
  allowOrigins: required(list(text, "['https://shop.example.com']"), "write them, as in ['https://shop.example.com']"),
  allowMethods: list(text, "['GET', 'PUT']"),
  allowHeaders: list(text, "['content-type']"),
  exposeHeaders: list(text, "['x-total']"),
  maxAge: duration,
  allowCredentials: flag,
});

const DELAY = new Struct<FaultDelay>('{ duration: Duration.seconds(5) }', {
  duration: required(duration, 'write how long, as in Duration.seconds(5)'),
  percent: number,
});

const ABORT = new Struct<FaultAbort>('{ status: 503 }', {
  status: required(number, 'write the status, as in 503'),
  percent: number,
});

const FAULT = new Struct<FaultInjection>('{ abort: { status: 503 } }', { delay: DELAY, abort: ABORT });

const DEFAULT_ROUTE_FIELDS: FieldsOf<DefaultRouteOptions> = {
  name: text,
  split: list(TARGET, "[{ version: service.version('v2'), percent: 10 }]"),
  sessionAffinity: AFFINITY,
  mirror: TARGET,
  timeout: duration,
  retries: RETRIES,
  rewrite: REWRITE,
  requestHeaders: HEADERS,
  responseHeaders: HEADERS,
  corsPolicy: CORS,
  idempotent: flag,
};

export const DEFAULT_ROUTE = new Struct<DefaultRouteOptions>('{ timeout: Duration.seconds(3) }', DEFAULT_ROUTE_FIELDS);

export const ROUTE = new Struct<RouteOptions>("{ name: 'beta-by-header' }", { ...DEFAULT_ROUTE_FIELDS, fault: FAULT });

export const REDIRECT = new Struct<RedirectOptions>("{ path: '/new' }", {
  name: text,
  service,
  host: text,
  path: text,
  scheme: text,
  port: number,
  status: number,
});

export const RESPONSE = new Struct<ResponseOptions>("{ status: 503, body: 'back soon' }", {
  name: text,
  service,
  status: required(number, 'write the status, as in 503'),
  body: text,
});
