/*
 * What a route is refused for, beyond the types of its options.
 */
import { show } from '../objects/refuse';
import type { ServiceVersion } from '../workload/service-version';
import { checkCors } from './cors';
import { checkHeaders } from './header-modifiers';
import { type Mount, mounted } from './mount';
import { type OptionPlace, refuseOption, refuseTogether, within } from './option-place';
import type { RequestMatch } from './request-match';
import { checkRewrite } from './rewrite';
import type { RouteOptions, TrafficTarget } from './route-options';
import { checkAffinity } from './session-affinity';
import { checkPercent, checkSplit, checkTarget } from './shares';
import { checkTolerance, mayComeTwice } from './tolerance';

/** Throws unless `version` can be led to so. Without a match it is a default route. */
export function checkForward(
  place: OptionPlace,
  version: ServiceVersion,
  match: RequestMatch | undefined,
  options: RouteOptions,
): void {
  checkName(place, options.name);
  checkSplit(place, version, options.split);
  checkAffinity(place, options, match, version);
  checkMirror(place, version, match, options);
  checkTolerance(place, options, match);
  checkRewrite(place, options.rewrite, match);
  checkHeaders(place, options);
  checkCors(place, options.corsPolicy);
}

/** Throws on a name that says nothing. */
export function checkName(place: OptionPlace, name: string | undefined): void {
  if (name === '') {
    refuseOption(place, 'name', name, 'is empty; write one, or leave it out');
  }
}

/** Throws where a match cannot be written for the gateway, below the folders of a service. */
export function checkMounted({ scope, what }: OptionPlace, match: RequestMatch, mount: Mount | undefined): void {
  if (mount !== undefined) {
    try {
      mounted(mount, match._alternatives());
    } catch (error) {
      refuseTogether({ scope, what }, (error as Error).message.replace(/\.$/, ''));
    }
  }
}

function checkMirror(
  above: OptionPlace,
  own: ServiceVersion,
  match: RequestMatch | undefined,
  { mirror, idempotent }: { readonly mirror?: TrafficTarget; readonly idempotent?: boolean },
): void {
  if (mirror === undefined) {
    return;
  }
  const place = within(above, 'mirror');
  checkTarget(place, own.service, mirror.version);
  checkPercent(place, mirror.percent);
  if (mirror.version === own) {
    refuseTogether(
      place,
      `version ${show(own.version)} is the route's own, which gets the requests already; name another`,
    );
  }
  if (!mayComeTwice(idempotent, match)) {
    refuseTogether(
      place,
      'a copy is carried out as well as the request itself; match GET, HEAD or OPTIONS only, or set idempotent to true where that does no harm',
    );
  }
}
