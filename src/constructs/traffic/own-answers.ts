/*
 * Answers that a proxy gives by itself: redirects and fixed ones.
 */
import type { VirtualServiceSpecHttp } from '../../../imports/networking.istio.io';
import { complaintAboutDnsName, complaintAboutPort } from '../../syntax/names';
import { utf8 } from '../../syntax/utf8';
import { type OptionPlace, refuseOption, refuseOptionIf, refuseTogether } from './option-place';
import { isWithin } from './path-within';
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

/** Throws unless the redirect leads anywhere. `root` is what the app of a service below folders sees in their place. */
export function checkRedirect(place: OptionPlace, options: RedirectOptions, root = ''): void {
  const { host, path, scheme, port, status } = options;
  if ([host, path, scheme, port].every((part) => part === undefined)) {
    refuseTogether(place, 'where it leads is missing; write host, path, scheme or port');
  }
  if (host !== undefined) {
    refuseOptionIf(place, 'host', host, complaintAboutDnsName(host));
  }
  if (path !== undefined) {
    refuseOptionIf(place, 'path', path, complaintAboutPath(path));
    if (host === undefined && root !== '' && !isWithin(path, root)) {
      refuseOption(
        place,
        'path',
        path,
        `is for the app, which is reached below '${root}' only (rewritePath); write a path below that, or host too for one as clients see it`,
      );
    }
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
}

/** Throws unless a proxy can give the answer. */
export function checkResponse(place: OptionPlace, { status, body = '' }: ResponseOptions): void {
  refuseOptionIf(place, 'status', status, complaintAboutStatus(status));
  const bytes = utf8(body).length;
  if (bytes > MOST_BYTES) {
    refuseOption(
      place,
      'body',
      body,
      `is ${bytes} bytes long, and Istio's webhook refuses more than ${MOST_BYTES}; shorten it`,
    );
  }
}
