import { normalizeTarget } from '../../syntax/request-target';
import { show } from '../objects/refuse';

/** A path without query and fragment, in ASCII as it is on its way. */
const PATH = /^\/[\x21\x22\x24-\x3e\x40-\x7e]*$/;

/** What is wrong with a path to be sent, as the end of a sentence. */
export function complaintAboutPath(path: string): string | undefined {
  return PATH.test(path)
    ? undefined
    : "is not a path; write one of ASCII that begins with '/', without a space, a query or '#', as in /api";
}

/** What is wrong with a path to be matched. */
export function complaintAboutMatchedPath(path: string): string | undefined {
  return complaintAboutPath(path) ?? complaintAboutForm(path);
}

/** What is wrong with the beginning of one, whose last segment may go on. */
export function complaintAboutBeginning(prefix: string): string | undefined {
  return complaintAboutForm(prefix.replace(/\/\.{1,2}$/, '/'));
}

/** Envoy brings a path into one form before it compares it (`meshConfig.pathNormalization`, by default BASE). */
function complaintAboutForm(path: string): string | undefined {
  const arriving = normalizeTarget(path)?.path;
  if (arriving === path) {
    return undefined;
  }
  const remedy = arriving === undefined ? 'leave out %00, which Envoy refuses' : `write ${show(arriving)}`;
  return `never arrives in that form, since Envoy resolves dots and percent-encodes only what it has to; ${remedy}`;
}
