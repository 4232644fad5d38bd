/*
 * References to container images, by the grammar of github.com/distribution/reference: `host:port/path/name:tag@digest`.
 */
const PATH_COMPONENT = /^[a-z0-9]+(([.]|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[a-z][a-z0-9]*([-_+.][a-z][a-z0-9]*)*:[0-9a-f]{32,}$/i;
const DIGITS = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);
const HOST = /^(\[[0-9a-fA-F:]+\]|[a-zA-Z0-9]+([-.][a-zA-Z0-9]+)*)(:\d+)?$/;

/** What is wrong with a reference, as the end of a sentence that begins with it; undefined where nothing is. */
export function complaintAboutImage(image: string): string | undefined {
  if (/\s/.test(image)) {
    return 'contains a space; write it as registry/name:tag';
  }
  if (/[:@/]$/.test(image)) {
    return 'ends where a name or tag should follow; write it as registry/name:tag';
  }
  const { host, path, tag, digests } = partsOf(image);
  if (/[A-Z]/.test(path)) {
    const start = host === undefined ? 0 : host.length + 1;
    const lower = image.slice(0, start) + path.toLowerCase() + image.slice(start + path.length);
    const help = complaintAboutImage(lower) === undefined ? `write '${lower}'` : 'write it in lower case';
    return `has capitals in its name, which no registry accepts; ${help}`;
  }
  if (!path.split('/').every((component) => PATH_COMPONENT.test(component)) || !HOST.test(host ?? 'none')) {
    return `is not the name of an image: lower-case letters and digits, with single '.', '_' or '-' between them and '/' between parts; write it as registry/name:tag`;
  }
  if (tag !== undefined && !TAG.test(tag)) {
    return `has a tag that is none: at most 128 letters, digits, '_', '.' and '-', not beginning with '.' or '-'; write it as registry/name:tag`;
  }
  if (digests.length > 1) {
    return `has ${digests.length} '@', and what follows one is all of the digest; write it as registry/name@sha256:…`;
  }
  return digests.every(isDigest)
    ? undefined
    : `has a digest that is not one: after '@' a name of a hash, ':' and its hexadecimal digits, 64 for sha256; write it as registry/name@sha256:…`;
}

/** By the grammar, and of the hashes that registries know, in full and in lower case. */
function isDigest(digest: string): boolean {
  const [algorithm, hex] = digest.split(':');
  const length = DIGITS.get(algorithm);
  return DIGEST.test(digest) && (length === undefined || (hex.length === length && hex === hex.toLowerCase()));
}

interface Parts {
  readonly host?: string;
  readonly path: string;
  readonly tag?: string;
  /** What follows each '@'. */
  readonly digests: readonly string[];
}

/** What stands before the first '/' is a host where it looks like one, else a part of the path. */
function partsOf(image: string): Parts {
  const [name, ...digests] = image.split('@');
  const colon = name.lastIndexOf(':');
  const hasTag = colon > name.lastIndexOf('/');
  const tag = hasTag ? name.slice(colon + 1) : undefined;
  const repository = hasTag ? name.slice(0, colon) : name;
  const slash = repository.indexOf('/');
  const first = repository.slice(0, Math.max(slash, 0));
  return /[.:]/.test(first) || first === 'localhost'
    ? { host: first, path: repository.slice(slash + 1), tag, digests }
    : { path: repository, tag, digests };
}
