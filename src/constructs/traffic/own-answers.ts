/*
 * Answers that a proxy gives by itself: redirects and fixed ones.
 */
import type { VirtualServiceSpecHttp } from '../../../imports/networking.istio.io';
import { compileFullMatch } from '../../syntax/full-match';
import { complaintAboutDnsName, complaintAboutPort } from '../../syntax/names';
import { type PathMatching, underRegex } from './condition';
import { type OptionPlace, refuseOption, refuseOptionIf, refuseTogether } from './option-place';
import type { RequestMatch } from './request-match';
import type { RedirectOptions, ResponseOptions } from './route-options';
import { complaintAboutPath } from './sent-path';
import { complaintAboutStatus } from './tolerance';

/** Istio knows no others (`ApplyRedirect`). */
const REDIRECT_STATUSES = [301, 302, 303, 307, 308];
/** More is refused by Istio's webhook. */
const MOST_BYTES = 1024 * 1024;

export function toRedirect({ host, path, scheme, port, status = 302 }: RedirectOptions): VirtualServiceSpecHttp {
  return { redirect: { uri: path, authority: host, scheme, port, redirectCode: status } };
}

export function toResponse({ status, body }: ResponseOptions): VirtualServiceSpecHttp {
  return { directResponse: { status, body: body === undefined ? undefined : { string: body } } };
}

/** Throws unless the redirect leads anywhere. `hosts` are those of the mesh. */
export function checkRedirect(
  place: OptionPlace,
  options: RedirectOptions,
  match: RequestMatch,
  hosts: readonly string[],
): void {
  const { host, path, scheme, port, status } = options;
  if ([host, path, scheme, port].every((part) => part === undefined)) {
    refuseTogether(place, 'nothing is said of where it leads; write host, path, scheme or port');
  }
  if (host !== undefined) {
    refuseOptionIf(place, 'host', host, complaintAboutDnsName(host));
  }
  if (path !== undefined) {
    refuseOptionIf(place, 'path', path, complaintAboutPath(path));
  }
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    refuseOption(place, 'scheme', scheme, "must be 'http' or 'https'");
  }
  if (port !== undefined) {
    refuseOptionIf(place, 'port', port, complaintAboutPort(port));
  }
  if (status !== undefined && !REDIRECT_STATUSES.includes(status)) {
    refuseOption(place, 'status', status, `is not a redirect that Istio knows: ${REDIRECT_STATUSES.join(', ')}`);
  }
  if (leadsToItself(options, match, hosts)) {
    refuseTogether(
      place,
      'it leads to what the rule itself matches, so clients would go in circles; match another path, or lead elsewhere',
    );
  }
}

/** As far as can be seen: where it changes nothing that the rule asks about. */
function leadsToItself(
  { host, path, scheme, port }: RedirectOptions,
  match: RequestMatch,
  hosts: readonly string[],
): boolean {
  const isSameHost = host === undefined || (hosts.length === 1 && hosts[0] === host);
  return (
    isSameHost &&
    scheme === undefined &&
    port === undefined &&
    (path === undefined ||
      match._alternatives().every((alternative) => alternative.every((c) => c.on !== 'path' || takes(c.match, path))))
  );
}

function takes(match: PathMatching, path: string): boolean {
  if ('exact' in match) {
    return match.exact === path;
  }
  if ('prefix' in match) {
    return path.startsWith(match.prefix);
  }
  return compileFullMatch('under' in match ? underRegex(match.under) : match.regex)(path);
}

/** Throws unless a proxy can give the answer. */
export function checkResponse(place: OptionPlace, { status, body = '' }: ResponseOptions): void {
  refuseOptionIf(place, 'status', status, complaintAboutStatus(status));
  const bytes = Buffer.byteLength(body);
  if (bytes > MOST_BYTES) {
    refuseOption(
      place,
      'body',
      body,
      `is ${bytes} bytes long, and Istio's webhook refuses more than ${MOST_BYTES}; shorten it`,
    );
  }
}
