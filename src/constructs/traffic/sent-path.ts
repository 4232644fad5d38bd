/** A path without query and fragment, in ASCII as it is on its way. */
const PATH = /^\/[\x21\x22\x24-\x3e\x40-\x7e]*$/;

/** What is wrong with a path to be sent, as the end of a sentence. */
export function complaintAboutPath(path: string): string | undefined {
  return PATH.test(path)
    ? undefined
    : "is not a path; write one of ASCII that begins with '/', without a space, a query or '#', as in /api";
}
