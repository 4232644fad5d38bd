/*
 * Services under one host, each below a folder of it: what a rule asks of a path, put for the gateway, which sees all paths
 * whole.
 */
import { complaintAboutRegex, quoteRegex, Re2 } from '../../syntax/re2';
import { show } from '../objects/refuse';
import { type PathCondition, type PathMatching, underRegex } from './condition';
import { grouped, remainderAfter } from './regex-remainder';

/**
 * For an app that sees paths without their folder, and the folder itself as '/': the paths below `folder` for whose rest the
 * condition holds. Without a condition those are all.
 *
 * @throws Error, with a sentence that begins with the pattern, when the condition is a regex that cannot be put so.
 */
export function pathWithin(folder: string, condition: PathCondition | undefined): PathCondition | 'never' {
  return inFolder(folder, condition, withoutFolder);
}

function withoutFolder(root: string, { match }: PathCondition): PathCondition | 'never' {
  if ('regex' in match) {
    return joined(root, Re2.compile(match.regex).fullMatch('/'), remainderAfter('/', match.regex));
  }
  if ('prefix' in match) {
    return on(match.prefix === '/' ? { under: root } : { prefix: root + match.prefix });
  }
  // The app sees '/' for the folder with and without a '/' at its end.
  if ('exact' in match) {
    return on(match.exact === '/' ? { regex: `${quoteRegex(root)}/?` } : { exact: root + match.exact });
  }
  return on(
    match.under === '/' ? { regex: `${quoteRegex(root)}(${underRegex('/')})?` } : { under: root + match.under },
  );
}

/**
 * For an app that sees whole paths: the paths for which the condition holds and that are `folder` or below it.
 *
 * @throws Error, with a sentence that begins with the pattern, when the condition is a regex that cannot be put so.
 */
export function pathBoth(folder: string, condition: PathCondition | undefined): PathCondition | 'never' {
  return inFolder(folder, condition, withFolder);
}

function withFolder(root: string, condition: PathCondition): PathCondition | 'never' {
  const { match } = condition;
  if ('exact' in match) {
    return isWithin(match.exact, root) ? condition : 'never';
  }
  if ('under' in match) {
    return isWithin(match.under, root) ? condition : isWithin(root, match.under) ? on({ under: root }) : 'never';
  }
  if ('prefix' in match) {
    return isBelow(match.prefix, root) ? condition : root.startsWith(match.prefix) ? on({ under: root }) : 'never';
  }
  return joined(root, Re2.compile(match.regex).fullMatch(root), remainderAfter(`${root}/`, match.regex));
}

/** What `put` makes of the condition, unless there is none, or nothing but the root that it could be limited to. */
function inFolder(
  folder: string,
  condition: PathCondition | undefined,
  put: (root: string, condition: PathCondition) => PathCondition | 'never',
): PathCondition | 'never' {
  const root = folder.replace(/\/$/, '');
  if (condition === undefined) {
    return on({ under: root });
  }
  return root === '' ? condition : put(root, condition);
}

/** The folder alone, where that is one of the paths, and below it what `rest` matches. */
function joined(folder: string, isAlone: boolean, rest: string | undefined): PathCondition | 'never' {
  if (rest === undefined) {
    return isAlone ? on({ exact: folder }) : 'never';
  }
  const below = `/${grouped(rest)}`;
  return on({ regex: quoteRegex(folder) + (isAlone ? `(?:${below})?` : below) });
}

function on(match: PathMatching): PathCondition {
  const pattern = 'under' in match ? underRegex(match.under) : 'regex' in match ? match.regex : undefined;
  const complaint = pattern === undefined ? undefined : complaintAboutRegex(pattern);
  if (complaint !== undefined) {
    throw new Error(`the pattern ${show(pattern)} ${complaint}.`);
  }
  return { on: 'path', match };
}

/** Whether `path` is `folder` or lies in it, by whole segments. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || isBelow(path, folder);
}

/** Whether `inner` lies in `folder`, by whole segments. */
export function isBelow(inner: string, folder: string): boolean {
  return inner.startsWith(`${folder}/`);
}
