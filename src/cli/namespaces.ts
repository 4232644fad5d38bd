/*
 * `--namespace`: one for all objects that name none, or `NAME=PATH` for those below a path. The longest path that fits decides.
 */
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import type { RawManifest } from '../manifests/manifest-list';
import { complaintAboutDnsLabel } from '../syntax/names';
import { UsageError } from './io';

export interface Namespaces {
  /** Of what stands below no path that has one of its own. */
  readonly otherwise?: string;
  readonly byPath: readonly { readonly namespace: string; readonly folder: string }[];
}

export function readNamespaces(values: readonly string[]): Namespaces {
  const byPath = values.filter((value) => value.includes('=')).map(readOne);
  const deepestFirst = [...byPath].sort((a, b) => b.folder.length - a.folder.length);
  return { otherwise: values.filter((value) => !value.includes('=')).at(-1), byPath: deepestFirst };
}

export function inNamespaces(manifests: readonly RawManifest[], { byPath }: Namespaces): readonly RawManifest[] {
  return manifests.map((manifest) => {
    const { source } = manifest;
    const found = byPath.find(({ folder }) => source.file !== undefined && isBelow(path.resolve(source.file), folder));
    return found === undefined ? manifest : { ...manifest, source: { ...source, namespace: found.namespace } };
  });
}

/** Misspelt, a path would do nothing, silently. */
function readOne(written: string): Namespaces['byPath'][number] {
  const [namespace, ...rest] = written.split('=');
  const folder = rest.join('=');
  const complaint = complaintAboutDnsLabel(namespace);
  if (folder === '' || complaint !== undefined) {
    const wrong = folder === '' ? 'names no path' : `names ${JSON.stringify(namespace)}, which ${complaint}`;
    throw new UsageError(
      `--namespace ${written} ${wrong}; write NAME for all, or NAME=PATH as in alpha=clusters/alpha`,
    );
  }
  if (!existsSync(folder)) {
    throw new UsageError(`--namespace ${written} is for ${folder}, which does not exist; write a path that is read`);
  }
  return { namespace, folder: path.resolve(folder) };
}

function isBelow(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder.endsWith(path.sep) ? folder : `${folder}${path.sep}`);
}
