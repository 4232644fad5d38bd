/*
 * References to container images, by the grammar of github.com/distribution/reference: `host:port/path/name:tag@digest`.
 */
const PATH_COMPONENT = /^[a-z0-9]+(([.]|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const HOST = /^(\[[0-9a-fA-F:]+\]|[a-zA-Z0-9]+([-.][a-zA-Z0-9]+)*)(:\d+)?$/;

/** What is wrong with a reference, as the end of a sentence that begins with it; undefined where nothing is. */
export function complaintAboutImage(image: string): string | undefined {
  if (/\s/.test(image)) {
    return 'contains a space; write it as registry/name:tag';
  }
  if (/[:@/]$/.test(image)) {
    return 'ends where a name or tag should follow; write it as registry/name:tag';
  }
  const { host, path, tag } = partsOf(image);
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
  return undefined;
}

interface Parts {
  readonly host?: string;
  readonly path: string;
  readonly tag?: string;
}

/** What stands before the first '/' is a host where it looks like one, else a part of the path. */
function partsOf(image: string): Parts {
  const [name] = image.split('@');
  const colon = name.lastIndexOf(':');
  const hasTag = colon > name.lastIndexOf('/');
  const tag = hasTag ? name.slice(colon + 1) : undefined;
  const repository = hasTag ? name.slice(0, colon) : name;
  const slash = repository.indexOf('/');
  const first = repository.slice(0, Math.max(slash, 0));
  return /[.:]/.test(first) || first === 'localhost'
    ? { host: first, path: repository.slice(slash + 1), tag }
    : { path: repository, tag };
}
