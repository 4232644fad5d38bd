/*
 * Which other web sites' scripts may ask.
 */
import type { VirtualServiceSpecHttpCorsPolicy } from '../../../imports/networking.istio.io';
import { HEADER_NAME } from '../../syntax/names';
import { show } from '../objects/refuse';
import { durationText } from '../objects/whole-milliseconds';
import { type OptionPlace, refuseOption, refuseTogether, within } from './option-place';
import type { CorsPolicy } from './route-options';

const ANY = '*';
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/([a-z0-9_.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/;
/** Those that Istio's webhook accepts (`pkg/config/validation`). */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'];

/** The policy in the words of Istio. Envoy takes the text '*' for any origin. */
export function toCorsPolicy(policy: CorsPolicy | undefined): VirtualServiceSpecHttpCorsPolicy | undefined {
  return (
    policy && {
      allowOrigins: policy.allowOrigins.map((exact) => ({ exact })),
      allowMethods: policy.allowMethods,
      allowHeaders: policy.allowHeaders,
      exposeHeaders: policy.exposeHeaders,
      maxAge: policy.maxAge && durationText(policy.maxAge),
      allowCredentials: policy.allowCredentials,
    }
  );
}

/** Throws unless browsers and Istio's webhook can make sense of the policy. */
export function checkCors(above: OptionPlace, policy: CorsPolicy | undefined): void {
  if (policy === undefined) {
    return;
  }
  const place = within(above, 'corsPolicy');
  checkOrigins(place, policy);
  const { allowMethods = [], allowHeaders = [], exposeHeaders = [] } = policy;
  const stranger = allowMethods.find((method) => method !== ANY && !METHODS.includes(method));
  if (stranger !== undefined) {
    refuseOption(place, 'allowMethods', stranger, `is not a method that Istio allows: ${METHODS.join(', ')}`);
  }
  for (const header of [...allowHeaders, ...exposeHeaders]) {
    if (!HEADER_NAME.test(header)) {
      refuseTogether(place, `header ${show(header)} is not a header name: letters, digits and !#$%&'*+-.^_\`|~`);
    }
  }
  if (
    policy.allowCredentials &&
    [...policy.allowOrigins, ...allowMethods, ...allowHeaders, ...exposeHeaders].includes(ANY)
  ) {
    refuseTogether(place, "allowCredentials goes with no '*', which browsers then do not take for any; write each out");
  }
  const seconds = (policy.maxAge?.toMilliseconds({ integral: false }) ?? 1000) / 1000;
  if (!(Number.isInteger(seconds) && seconds >= 1 && seconds < 2 ** 31)) {
    refuseOption(place, 'maxAge', `${seconds} s`, 'is not a whole number of seconds of 1 or more');
  }
}

function checkOrigins(place: OptionPlace, { allowOrigins }: CorsPolicy): void {
  if (allowOrigins.length === 0) {
    refuseTogether(
      place,
      "allowOrigins is empty, so no script may ask; write origins, as in 'https://shop.example.com'",
    );
  }
  const stranger = allowOrigins.find((origin) => origin !== ANY && !ORIGIN.test(origin));
  if (stranger !== undefined) {
    refuseOption(
      place,
      'allowOrigins',
      stranger,
      "is not an origin as browsers send it: a scheme, a host in lower case, and a port where it is not the scheme's, as in https://shop.example.com, without a path; or '*' for any",
    );
  }
}
