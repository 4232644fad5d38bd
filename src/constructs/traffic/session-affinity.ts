/*
 * Keeps a user on the version that the shares drew. Envoy draws weighted clusters anew for each request, so each response
 * of the split sets a cookie, and rules for its values come before the split.
 */
import type { ServiceVersion } from '../workload/service-version';
import type { VersionedService } from '../workload/versioned-service';
import { COOKIE_NAME, HeaderMatch } from './header-match';
import { asHeaderValue } from './header-modifiers';
import { type OptionPlace, refuseOption, refuseTogether, within } from './option-place';
import { RequestMatch } from './request-match';
import type { Forward } from './route';
import { type DefaultRouteOptions, SameSite, type SessionAffinity } from './route-options';
import { percentOf, type Share, sharesOf } from './shares';

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
  own: ServiceVersion,
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
  checkPrefix(within(place, 'sessionAffinity'), affinity);
  const overwritten = [...Object.keys(responseHeaders?.set ?? {}), ...(responseHeaders?.remove ?? [])];
  if (overwritten.some((name) => name.toLowerCase() === 'set-cookie')) {
    refuseTogether(
      place,
      "responseHeaders replaces or removes 'set-cookie', and with it the cookie of sessionAffinity; add yours with responseHeaders.add",
    );
  }
  checkCombines(within(place, 'sessionAffinity'), match, affinity, sharesOf(own, split));
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
  if (sameSite === SameSite.NONE && secure !== true) {
    refuseTogether(place, 'browsers throw away a cookie with SameSite.NONE that is not secure; set secure to true');
  }
}

/** What browsers ask of cookies of such names (RFC 6265bis, 4.1.3). */
function checkPrefix(place: OptionPlace, { cookieName = '', path = '/', domain, secure }: SessionAffinity): void {
  if (/^__(host|secure|http)-/i.test(cookieName) && secure !== true) {
    refuseOption(
      place,
      'cookieName',
      cookieName,
      'is one that browsers throw away unless it is secure; set secure to true',
    );
  }
  if (/^__host-/i.test(cookieName) && (domain !== undefined || path !== '/')) {
    refuseOption(
      place,
      'cookieName',
      cookieName,
      "is one that browsers throw away with a domain, or with another path than '/'; leave out both, or begin the name with '__Secure-'",
    );
  }
}

/** One rule of Istio asks about the cookie header once. */
function checkCombines(
  place: OptionPlace,
  match: RequestMatch | undefined,
  affinity: SessionAffinity,
  shares: readonly Share[],
): void {
  const cookieName = cookieNameOf(affinity, shares[0].version.service);
  if (!COOKIE_NAME.test(cookieName)) {
    refuseOption(place, 'cookieName', cookieName, "is not the name of a cookie: letters, digits and !#$%&'*+-.^_`|~");
  }
  let stays: readonly Stay[];
  try {
    stays = staysOf(shares, affinity);
  } catch {
    refuseTogether(
      place,
      `the cookie would carry ${shares.length - 1} shares, which is longer than what a rule of Istio can ask for; split among fewer versions, or leave out sessionAffinity`,
    );
  }
  try {
    for (const stay of stays) {
      withCookie(match, stay.match);
    }
  } catch {
    refuseTogether(
      place,
      'the match of the rule asks about the cookie header already, which one rule of Istio can do once; match something else, or leave out sessionAffinity',
    );
  }
}

/** Throws where browsers would not keep the cookie of a route, or send it to a route that draws by other shares. */
export function checkCookie(
  place: OptionPlace,
  route: Forward,
  others: readonly Forward[],
  hosts: readonly string[],
): void {
  const { sessionAffinity: { domain } = {} } = route.options;
  const stranger = domain && hosts.find((host) => !takesCookiesOf(host, domain.toLowerCase()));
  if (stranger) {
    refuseOption(place, 'domain', domain, `is not that of host '${stranger}', and browsers throw such a cookie away`);
  }
  const { name, value } = cookieOf(route) ?? {};
  const other = others.find((candidate) => {
    const cookie = cookieOf(candidate);
    const isAlike = candidate.version.service === route.version.service && cookie?.value === value;
    return cookie?.name === name && !isAlike;
  });
  if (other !== undefined) {
    refuseTogether(
      place,
      `cookie '${name}' is that of another route of service '${other.version.service.name}' already, which draws by other shares, so users of one would arrive at the other as drawn; give this one another cookieName`,
    );
  }
}

/** Whether a browser keeps a cookie of the domain that comes from such a host, or may keep it where that is a wildcard. */
function takesCookiesOf(host: string, domain: string): boolean {
  const suffix = host.replace(/^\*\.?/, '');
  const isInDomain = suffix === domain || suffix.endsWith(`.${domain}`);
  return isInDomain || (suffix !== host && (suffix === '' || domain.endsWith(`.${suffix}`)));
}

/** The cookie of users of the route's own version. */
function cookieOf({ version, options }: Forward): { readonly name: string; readonly value: string } | undefined {
  const { sessionAffinity, split } = options;
  return (
    sessionAffinity && {
      name: cookieNameOf(sessionAffinity, version.service),
      value: cookieValue(sharesOf(version, split), version),
    }
  );
}

/** Matches users whom a rule matches, and whose cookie says so. */
export function withCookie(match: RequestMatch | undefined, cookie: RequestMatch): RequestMatch {
  return match === undefined ? cookie : RequestMatch.allOf(match, cookie);
}

function cookieNameOf({ cookieName }: SessionAffinity, service: VersionedService): string {
  return cookieName ?? `${service.name}-version`;
}

/**
 * Of the route's own version the cookie carries the shares of the others, too, as in `v1:v2~10`: with the next shares it is
 * another, and its users are drawn again. Those of the others stay where they are, for as long as there is a share for it. ':'
 * and '~' are in no version.
 */
function cookieValue(shares: readonly Share[], { version }: ServiceVersion): string {
  const [own] = shares;
  return version === own.version.version ? `${version}:${targetsText(shares)}` : version;
}

/** The shares of the others, whatever the order they are written in; `100` where they have none. */
function targetsText([, ...targets]: readonly Share[]): string {
  const drawn = targets.filter(({ thousandths }) => thousandths > 0);
  const texts = drawn.map((target) => `${target.version.version}~${percentOf(target)}`);
  return texts.sort().join(':') || '100';
}
