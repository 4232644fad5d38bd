/*
 * Redirects that lead to what they match themselves. Only what is certain is refused: a rule before may take such a request, or
 * a gateway of which little is known lead it elsewhere.
 */
import { normalizeTarget } from '../../syntax/request-target';
import type { Door } from '../gateway/gateway-servers';
import { type Alternative, type Condition, type HeaderCondition, takesPath } from './condition';
import { alternativesAt, redirectsAt } from './http-route';
import { type OptionPlace, refuseTogether } from './option-place';
import { isBelow, isWithin } from './path-within';
import type { RequestMatch } from './request-match';
import type { RedirectOptions } from './route-options';
import { isMounted, type RouteTable } from './route-table';

/** Where a redirect stands, as far as is known when it is added. */
export interface Surroundings {
  readonly table: RouteTable;
  /** The hosts whose requests get to the table. */
  readonly hosts: readonly string[];
  /** The ports by which they do. */
  readonly doors: readonly Door[];
  readonly others: readonly RouteTable[];
}

/** Throws where clients would go in circles. */
export function checkLoop(
  place: OptionPlace,
  options: RedirectOptions,
  match: RequestMatch,
  around: Surroundings,
): void {
  if (isSameDoor(options, around) && comesBack(options, match, around)) {
    refuseTogether(
      place,
      'it leads to what the rule itself matches, so clients would go in circles; match another path, lead elsewhere, or first add what takes those requests before this rule',
    );
  }
}

/** Whether scheme, host and port are again those of requests that get to the rule. */
function isSameDoor({ host, scheme, port }: RedirectOptions, { hosts, doors }: Surroundings): boolean {
  const isSameHost = host === undefined || hosts.includes(host);
  const isAnyDoor = scheme === undefined && port === undefined;
  return (
    isSameHost &&
    (isAnyDoor ||
      doors.some((door) => (scheme ?? schemeOf(door)) === schemeOf(door) && (port ?? door.port) === door.port))
  );
}

function schemeOf({ isHttps }: Door): string {
  return isHttps ? 'https' : 'http';
}

function comesBack(options: RedirectOptions, match: RequestMatch, { table, others }: Surroundings): boolean {
  const entrance = table.isAtGateway ? 'gateway' : 'mesh';
  return redirectsAt(arriving(options), table.mount).some(({ options: led, mount }) => {
    const at = (one: RequestMatch | undefined) => alternativesAt(one, { entrance, mount });
    const earlier = table.rules.flatMap((route) => at(route._rule().match));
    const folders = table.isAtGateway ? foldersWithin(others, mount?.paths) : [];
    return (
      !folders.some((folder) => led.path !== undefined && isWithin(led.path, folder)) &&
      at(match).some(
        (alternative) =>
          alternative.every((condition) => holdsAgain(condition, led)) &&
          !earlier.some((other) => takesFirst(other, alternative, led)),
      )
    );
  });
}

/** With the path in the form in which it comes back. */
function arriving(options: RedirectOptions): RedirectOptions {
  const { path } = options;
  return path === undefined ? options : { ...options, path: normalizeTarget(path)?.path };
}

/** Folders of other services that come before those of this one. */
function foldersWithin(others: readonly RouteTable[], own: readonly string[] = ['']): string[] {
  return others
    .filter(isMounted)
    .flatMap(({ mount }) => mount.paths)
    .filter((folder) => own.some((outer) => isBelow(folder, outer)));
}

/** Whether a condition that held holds for the request to which a client is led. */
function holdsAgain(condition: Condition, options: RedirectOptions): boolean {
  const { path, status = 302 } = options;
  switch (condition.on) {
    case 'path':
      return path === undefined || takesPath(condition.match, path);
    case 'method':
      return condition.methods.some((method) => isKept(method, status));
    case 'header':
      return isSentAgain(condition, options);
    default:
      return true;
  }
}

/** Whether a client asks by the same method (the Fetch Standard, HTTP-redirect fetch). */
function isKept(method: string, status: number): boolean {
  return status === 303 ? ['GET', 'HEAD'].includes(method) : method !== 'POST' || status === 307 || status === 308;
}

/** Whether a header is as it was; what proxies write depends on where the client is led. */
function isSentAgain({ name, match, negated }: HeaderCondition, { host, scheme, port }: RedirectOptions): boolean {
  if (name.toLowerCase() !== ':authority') {
    return !/^(:|x-forwarded-)/i.test(name);
  }
  return host === undefined
    ? scheme === undefined && port === undefined
    : port === undefined && !negated && 'exact' in match && match.exact === host;
}

/** Whether an earlier rule takes all that comes back to this alternative. */
function takesFirst(earlier: Alternative, alternative: Alternative, { path }: RedirectOptions): boolean {
  return earlier.every((condition) =>
    condition.on === 'path' && path !== undefined
      ? takesPath(condition.match, path)
      : alternative.some((other) => JSON.stringify(other) === JSON.stringify(condition)),
  );
}
