/*
 * What becomes of the path and the host before the app sees them.
 */
import type { VirtualServiceSpecHttpRewrite } from '../../../imports/networking.istio.io';
import { complaintAboutDnsName } from '../../syntax/names';
import { quoteRegex } from '../../syntax/re2';
import type { PathMatching } from './condition';
import type { Mount } from './mount';
import { type OptionPlace, refuseOption, refuseOptionIf, refuseTogether, within } from './option-place';
import { isWithin } from './path-within';
import type { RequestMatch } from './request-match';
import type { RewriteOptions } from './route-options';
import { complaintAboutPath } from './sent-path';

/** The rewriting of a rule, in the words of Istio: its own, else that of the folders below which its service lies. */
export function toRewrite(
  rewrite: RewriteOptions | undefined,
  match: RequestMatch | undefined,
  mount: Mount | undefined,
): VirtualServiceSpecHttpRewrite | undefined {
  const path = pathRewrite(rewrite?.path, match, mount);
  return path === undefined && rewrite?.host === undefined ? undefined : { ...path, authority: rewrite?.host };
}

function pathRewrite(
  target: string | undefined,
  match: RequestMatch | undefined,
  mount: Mount | undefined,
): VirtualServiceSpecHttpRewrite | undefined {
  if (target === undefined) {
    return mount?.root === undefined ? undefined : exchange(mount.paths, mount.root);
  }
  const matched = match && onePathOf(match);
  if (matched === undefined || !('under' in matched)) {
    // In place of the whole path, whether it is matched as it stands or, below a folder, by a regex.
    return { uri: target };
  }
  const bare = withoutSlash(target);
  if (mount?.root === undefined) {
    return exchange([matched.under], bare);
  }
  const { paths, root } = mount;
  return isWithin(matched.under, root)
    ? exchange(
        paths.map((path) => path + matched.under.slice(root.length)),
        bare,
      )
    : exchange(paths, bare + root.slice(matched.under.length));
}

/**
 * Puts `target` in the place of folders that the match has found already. A prefix of Istio's would glue what follows the
 * folder to a target of '/', and on a match by regex take the place of the whole path.
 */
function exchange(folders: readonly string[], target: string): VirtualServiceSpecHttpRewrite {
  const quoted = [...folders].sort((one, other) => other.length - one.length).map(quoteRegex);
  const one = quoted.length === 1 ? quoted[0] : `(${quoted.join('|')})`;
  return {
    uriRegexRewrite:
      target === ''
        ? { match: `^${one}/?`, rewrite: '/' }
        : { match: `^${one}`, rewrite: target.replaceAll('\\', '\\\\') },
  };
}

/** The path that every alternative of a match asks about; undefined where they do not agree. */
export function onePathOf(match: RequestMatch): PathMatching | undefined {
  const [first, ...others] = match._alternatives().map((alternative) => alternative.find(({ on }) => on === 'path'));
  const isSame = others.every((other) => JSON.stringify(other) === JSON.stringify(first));
  return first?.on === 'path' && isSame ? first.match : undefined;
}

/** Throws unless path and host can be rewritten so. */
export function checkRewrite(
  above: OptionPlace,
  rewrite: RewriteOptions | undefined,
  match: RequestMatch | undefined,
): void {
  if (rewrite === undefined) {
    return;
  }
  const place = within(above, 'rewrite');
  const { path, host } = rewrite;
  if (path === undefined && host === undefined) {
    refuseTogether(place, 'neither path nor host is there, so nothing is rewritten; write one, or leave it out');
  }
  if (host !== undefined) {
    refuseOptionIf(place, 'host', host, complaintAboutDnsName(host));
  }
  if (path !== undefined) {
    refuseOptionIf(place, 'path', path, complaintAboutPath(path));
    if (match === undefined) {
      refuseOption(
        place,
        'path',
        path,
        "takes the place of the path that a rule matches, and a default route matches none; write it in a rule, as in route(version, PathMatch.under('/'), …), or where the service lies below a folder, rewritePath of addService",
      );
    }
    const matched = onePathOf(match);
    if (matched === undefined || !('exact' in matched || 'under' in matched)) {
      refuseOption(
        place,
        'path',
        path,
        "takes the place of the path that the rule matches, which it has to match as a whole or by whole segments, in all alternatives alike; match it by PathMatch.exact('/old') or PathMatch.under('/old')",
      );
    }
  }
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}
