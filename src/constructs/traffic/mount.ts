/*
 * Several services under one host, each below folders of its own at the gateway.
 */
import { quoteRegex } from '../../syntax/re2';
import type { VersionedService } from '../workload/versioned-service';
import type { Alternative, PathCondition, PathMatching } from './condition';
import type { MeshServiceOptions } from './header-routed-mesh-options';
import { type OptionPlace, refuseOption, refuseOptionIf, refuseTogether } from './option-place';
import { isBelow, pathBoth, pathWithin } from './path-within';
import { complaintAboutMatchedPath, complaintAboutPath } from './sent-path';

/** Where a service lies at the gateway. */
export interface Mount {
  /** Folders, without '/' at the end. */
  readonly paths: readonly string[];
  /** What the app sees in place of such a folder, without '/' at the end; undefined where it sees the whole path. */
  readonly root?: string;
}

/** The mount that options of a service describe, beside `others`; undefined for one that the gateway does not lead to. */
export function mountOf(
  place: OptionPlace,
  { paths, rewritePath }: MeshServiceOptions,
  others: readonly { readonly service: VersionedService; readonly mount: Mount }[],
): Mount | undefined {
  if (paths === undefined) {
    if (rewritePath !== undefined) {
      refuseOption(
        place,
        'rewritePath',
        rewritePath,
        'takes the place of paths, and there are none; write them, or leave it out',
      );
    }
    return undefined;
  }
  if (paths.length === 0) {
    refuseTogether(place, 'paths is empty; leave it out for a service that is reached from inside the mesh only');
  }
  const folders: string[] = [];
  for (const path of paths) {
    refuseOptionIf(place, 'paths', path, complaintAboutMatchedPath(path));
    const folder = path.replace(/\/$/, '');
    const other = others.find(({ mount }) => mount.paths.includes(folder));
    if (folder === '') {
      refuseOption(
        place,
        'paths',
        path,
        "would take every request from the mesh's own service; make this the mesh's own, or write a folder",
      );
    }
    if (folders.includes(folder) || other !== undefined) {
      refuseOption(
        place,
        'paths',
        path,
        other === undefined
          ? 'is listed twice; leave out one'
          : `leads to service '${other.service.name}' already; write another`,
      );
    }
    folders.push(folder);
  }
  if (rewritePath !== undefined) {
    refuseOptionIf(place, 'rewritePath', rewritePath, complaintAboutPath(rewritePath));
  }
  return { paths: folders, root: rewritePath?.replace(/\/$/, '') };
}

/** The same for the gateway: what a rule asks of the requests that the app gets. */
export function mounted({ paths, root }: Mount, alternatives: readonly Alternative[]): Alternative[] {
  return paths.flatMap((folder) => alternatives.flatMap((alternative) => below(folder, root, alternative)));
}

/** One alternative below one folder; none where no request of that folder can match. */
function below(folder: string, root: string | undefined, alternative: Alternative): Alternative[] {
  const path = alternative.find((condition) => condition.on === 'path');
  const whole = root === undefined ? pathBoth(folder, path) : pathOf(folder, root, path);
  return whole === 'never' ? [] : [[...alternative.filter(({ on }) => on !== 'path'), whole]];
}

/** The path at the gateway for one that begins with `root` for the app. */
function pathOf(folder: string, root: string, seen: PathCondition | undefined): PathCondition | 'never' {
  if (root === '' || seen === undefined) {
    return pathWithin(folder, seen);
  }
  const within = pathBoth(root, seen);
  return within === 'never' ? within : { on: 'path', match: exchanged(within.match, root, folder) };
}

function exchanged(match: PathMatching, root: string, folder: string): PathMatching {
  const put = (path: string) => folder + path.slice(root.length);
  if ('exact' in match) {
    return { exact: put(match.exact) };
  }
  if ('under' in match) {
    return { under: put(match.under) };
  }
  if ('prefix' in match) {
    return { prefix: put(match.prefix) };
  }
  // As `pathBoth` makes it, it begins with the root.
  return { regex: quoteRegex(folder) + match.regex.slice(quoteRegex(root).length) };
}

/** Mounts in the order in which the gateway tries them: of two folders, one within the other, the inner one first. */
export function inOrder<T extends { readonly mount: Mount }>(mounts: readonly T[]): { of: T; mount: Mount }[] {
  const folders = mounts
    .flatMap((of) => of.mount.paths.map((path) => ({ of, path })))
    .sort((one, other) => other.path.length - one.path.length);
  const ordered: { of: T; mount: { paths: string[]; root?: string } }[] = [];
  for (const { of, path } of folders) {
    // Folders of one service are written together, unless what is tried between them lies within this one.
    const last = ordered.map((earlier) => earlier.of).lastIndexOf(of);
    const isFree = ordered
      .slice(Math.max(last, 0))
      .every(({ mount }) => !mount.paths.some((inner) => isBelow(inner, path)));
    if (last >= 0 && isFree) {
      ordered[last].mount.paths.push(path);
    } else {
      ordered.push({ of, mount: { paths: [path], root: of.mount.root } });
    }
  }
  return ordered;
}
