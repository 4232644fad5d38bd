/*
 * What a kustomization names: objects and folders that it is made of, and patches and other files that are no objects by themselves.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { readFile } from '../files';

export interface Kustomization {
  readonly file: string;
  readonly folder: string;
  /** A part for other kustomizations, which nobody builds by itself. */
  readonly isComponent: boolean;
  /** Files of objects, with their real paths. */
  readonly objects: readonly string[];
  /** Folders that it builds upon, with their real paths. */
  readonly bases: readonly string[];
  /** Files that it only uses: patches, values, what it makes ConfigMaps of. */
  readonly used: readonly string[];
  /** What is not on this machine. */
  readonly remote: readonly string[];
}

const OBJECTS = ['resources', 'bases', 'components'];
const FILE_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** The kustomization of a folder; undefined where it has none. */
export function kustomizationIn(folder: string): Kustomization | undefined {
  const file = FILE_NAMES.map((name) => path.join(folder, name)).find((name) => fs.existsSync(name));
  return file === undefined ? undefined : readKustomization(file);
}

/** One that cannot be read names nothing. */
export function readKustomization(file: string): Kustomization {
  const raw = readFile(file).manifests[0]?.raw;
  const fields: Readonly<Record<string, unknown>> = isMap(raw) ? raw : {};
  const folder = path.dirname(file);
  const named = OBJECTS.flatMap((field) => stringsIn(fields[field]));
  const found = named.map((name) => ({ name, place: placeOf(folder, name) }));
  const places = found.flatMap(({ place }) => (place === undefined ? [] : [place]));
  const others = Object.keys(fields).filter((field) => !OBJECTS.includes(field));
  return {
    file,
    folder,
    isComponent: fields.kind === 'Component',
    objects: places.filter((place) => !isFolder(place)),
    bases: places.filter(isFolder),
    used: others.flatMap((field) => stringsIn(fields[field])).flatMap((text) => usedFile(folder, text)),
    remote: found.filter(({ place }) => place === undefined).map(({ name }) => name),
  };
}

/** `path`, or `key=path`, as generators have it. A text of several lines is a patch by itself. */
function usedFile(folder: string, text: string): readonly string[] {
  const place = text.includes('\n') ? undefined : placeOf(folder, text.replace(/^[^=/]*=/, ''));
  return place === undefined || isFolder(place) ? [] : [place];
}

function placeOf(folder: string, name: string): string | undefined {
  try {
    return name === '' ? undefined : fs.realpathSync(path.resolve(folder, name));
  } catch {
    return undefined;
  }
}

function isFolder(place: string): boolean {
  return fs.statSync(place).isDirectory();
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every text in a value. */
function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
