/*
 * Keeps a user on the version that the shares drew. Envoy draws weighted clusters anew for each request, so each response
 * of the split sets a cookie, and rules for its values come before the split.
 */
import type { ServiceVersion } from '../workload/service-version';
import type { VersionedService } from '../workload/versioned-service';
import { HeaderMatch } from './header-match';
import { asHeaderValue } from './header-modifiers';
import { type OptionPlace, refuseOption, refuseTogether, within } from './option-place';
import { RequestMatch } from './request-match';
import { type DefaultRouteOptions, SameSite, type SessionAffinity } from './route-options';
import { percentOf, type Share } from './shares';

/** The most that a browser is sure to read: 2^31 - 1 seconds. */
const MOST_SECONDS = 2 ** 31 - 1;

/** What may stand in an attribute of a cookie. */
const ATTRIBUTE = /^[\x21-\x3a\x3c-\x7e]+$/;
const DOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i;

/** A user of a version, by the cookie. */
export interface Stay {
  readonly version: ServiceVersion;
  readonly match: RequestMatch;
}

/** Who stays where: users of each version that gets a share. Those of a version at 0 percent are drawn again. */
export function staysOf(shares: readonly Share[], affinity: SessionAffinity): Stay[] {
  return shares
    .filter(({ thousandths }) => thousandths > 0)
    .map(({ version }) => ({
      version,
      match: HeaderMatch.cookie(cookieNameOf(affinity, version.service), cookieValue(shares, version)),
    }));
}

/** The cookie by which a response says which version gave it. */
export function setCookie(
  shares: readonly Share[],
  version: ServiceVersion,
  affinity: SessionAffinity,
  isHttps: boolean,
): string {
  const { path = '/', domain, sameSite = SameSite.LAX, secure = isHttps, maxAge } = affinity;
  const parts = [
    `${cookieNameOf(affinity, version.service)}=${cookieValue(shares, version)}`,
    `Path=${path}`,
    domain === undefined ? [] : `Domain=${domain}`,
    `Max-Age=${maxAge.toSeconds()}`,
    secure ? 'Secure' : [],
    'HttpOnly',
    `SameSite=${sameSite}`,
  ];
  return asHeaderValue(parts.flat().join('; '));
}

/** Throws unless users can be kept so. */
export function checkAffinity(
  place: OptionPlace,
  { sessionAffinity: affinity, split = [], responseHeaders }: DefaultRouteOptions,
  match: RequestMatch | undefined,
  service: VersionedService,
): void {
  if (affinity === undefined) {
    return;
  }
  if (split.length === 0) {
    refuseTogether(
      place,
      'sessionAffinity keeps users where shares drew them, and there is no split; write one, or leave it out',
    );
  }
  checkAttributes(within(place, 'sessionAffinity'), affinity);
  const overwritten = [...Object.keys(responseHeaders?.set ?? {}), ...(responseHeaders?.remove ?? [])];
  if (overwritten.some((name) => name.toLowerCase() === 'set-cookie')) {
    refuseTogether(
      place,
      "responseHeaders replaces or removes 'set-cookie', and with it the cookie of sessionAffinity; add yours with responseHeaders.add",
    );
  }
  checkCombines(within(place, 'sessionAffinity'), match, affinity, service);
}

function checkAttributes(place: OptionPlace, { maxAge, path = '/', domain, secure, sameSite }: SessionAffinity): void {
  const seconds = maxAge.toMilliseconds({ integral: false }) / 1000;
  if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= MOST_SECONDS)) {
    refuseOption(place, 'maxAge', `${seconds} s`, 'is not a whole number of seconds of 1 or more');
  }
  if (!path.startsWith('/') || !ATTRIBUTE.test(path)) {
    refuseOption(
      place,
      'path',
      path,
      "is not the path of a cookie; write one that begins with '/', without space or ';'",
    );
  }
  if (domain !== undefined && !DOMAIN.test(domain)) {
    refuseOption(place, 'domain', domain, 'is not the domain of a cookie; write one as in example.com');
  }
  if (sameSite === SameSite.NONE && secure === false) {
    refuseTogether(place, 'browsers throw away a cookie with SameSite.NONE that is not secure; set secure to true');
  }
}

/** One rule of Istio asks about the cookie header once. */
function checkCombines(
  place: OptionPlace,
  match: RequestMatch | undefined,
  affinity: SessionAffinity,
  service: VersionedService,
): void {
  const { cookieName = cookieNameOf(affinity, service) } = affinity;
  let stays: RequestMatch;
  try {
    stays = HeaderMatch.cookie(cookieName, 'v1');
  } catch {
    refuseOption(place, 'cookieName', cookieName, "is not the name of a cookie: letters, digits and !#$%&'*+-.^_`|~");
  }
  try {
    withCookie(match, stays);
  } catch {
    refuseTogether(
      place,
      'the match of the rule asks about the cookie header already, which one rule of Istio can do once; match something else, or leave out sessionAffinity',
    );
  }
}

/** Matches users whom a rule matches, and whose cookie says so. */
export function withCookie(match: RequestMatch | undefined, cookie: RequestMatch): RequestMatch {
  return match === undefined ? cookie : RequestMatch.allOf(match, cookie);
}

function cookieNameOf({ cookieName }: SessionAffinity, service: VersionedService): string {
  return cookieName ?? `${service.name}-version`;
}

/**
 * Of the route's own version the cookie carries the shares, too: with the next shares it is another, and its users are drawn
 * again. Those of the others stay where they are, for as long as there is a share for it. ':' and '~' are in no version.
 */
function cookieValue(shares: readonly Share[], version: ServiceVersion): string {
  const [own, ...targets] = shares;
  if (version !== own.version) {
    return version.version;
  }
  const percents = targets.length === 1 ? [percentOf(own)] : [own, ...targets].map(percentOf);
  return `${version.version}:${percents.join('~')}`;
}
