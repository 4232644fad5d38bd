/*
 * Files that may have manifests in them, and what is in one of them.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type PathTest, pathTest } from './glob';
import { MeshInputError } from './input-error';
import { type LeftOut, LeftOutReason } from './left-out';
import type { RawManifest } from './manifest-list';
import { type ReadManifests, readText, refuseUnreadable } from './text';
import type { Unreadable } from './unreadable';

/** A file larger than this is not read unless the caller allows more: manifests are small, and parsing takes time. */
export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

const MANIFEST_FILE = /\.(ya?ml|json)$/i;
const KUSTOMIZATION = /^(kustomization\.ya?ml|Kustomization)$/;
const CHART = 'Chart.yaml';

export interface FoundFile {
  readonly path: string;
  /** Given by its own name, not by that of a folder around it. */
  readonly named: boolean;
  /** The folder that it is directly in, where that or the file itself was given, as `kubectl apply -f` takes it; else undefined. */
  readonly appliedWith?: string;
}

/** What paths lead to. */
export interface FoundInput {
  readonly files: readonly FoundFile[];
  /** Folders of Helm charts. What is in them is not among the files. */
  readonly charts: readonly string[];
  /** Files that make a folder one of Kustomize; not among the files. */
  readonly kustomizations: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** What may not be looked at. */
  readonly unreadable: readonly Unreadable[];
}

/**
 * The files that paths lead to, with all that is in folders and below. One that several paths lead to comes once. Throws a
 * MeshInputError for a path that does not exist.
 *
 * @param exclude patterns of paths to leave out
 */
export function findFiles(paths: readonly string[], exclude: readonly string[] = []): FoundInput {
  const search = new Search(exclude.map(pathTest));
  for (const given of paths) {
    search.add(given);
  }
  return search;
}

/** All manifests, or whatever else there is in the files. Throws a MeshInputError that names everything that cannot be read. */
export function readWholeFiles(paths: readonly string[]): readonly RawManifest[] {
  const { files, unreadable: unseen } = findFiles(paths);
  const found = files.map((file) => readFile(file.path));
  return refuseUnreadable({
    manifests: found.flatMap(({ manifests }) => manifests),
    unreadable: [...unseen, ...found.flatMap(({ unreadable }) => unreadable)],
  });
}

/** What is in a file. */
export function readFile(
  file: string,
  maxBytes: number = DEFAULT_MAX_BYTES,
): ReadManifests & { readonly text?: string } {
  try {
    const text = decode(bytesOf(file, maxBytes));
    return { ...readText(text, file), text };
  } catch (error) {
    return { manifests: [], unreadable: [unreadableBy(file, error)] };
  }
}

/** What an error says of a file. Throws the error itself where it is a fault of ours, which must not look like one of the file. */
function unreadableBy(file: string, error: unknown): Unreadable {
  const { message, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof MeshInputError) {
    return { file, reason: message };
  }
  if (syscall === undefined) {
    throw error;
  }
  return { file, reason: `cannot be read: ${message}` };
}

/** The text that bytes are. The message of the MeshInputError goes on after the name of the file. */
export function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return new TextDecoder('utf-16le').decode(bytes);
  }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return new TextDecoder('utf-16be').decode(bytes);
  }
  if (bytes.includes(0)) {
    throw new MeshInputError('is a binary file, not a manifest');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new MeshInputError('is not text in UTF-8, so it cannot be a manifest');
  }
}

class Search implements FoundInput {
  public readonly files: FoundFile[] = [];
  public readonly charts: string[] = [];
  public readonly kustomizations: string[] = [];
  public readonly leftOut: LeftOut[] = [];
  public readonly unreadable: Unreadable[] = [];
  private readonly visited = new Set<string>();

  public constructor(private readonly excluded: readonly PathTest[]) {}

  public add(given: string): void {
    const stat = statOf(given);
    if (stat.isDirectory()) {
      this.addFolder(given, given);
    } else if (stat.isFIFO()) {
      this.files.push({ path: given, named: true });
    } else if (!stat.isFile()) {
      throw new MeshInputError(`${given} is neither a file nor a folder, so there are no manifests to read from it`);
    } else if (this.isNew(given)) {
      this.files.push({ path: given, named: true, appliedWith: path.dirname(given) });
    }
  }

  private addFolder(folder: string, top: string): void {
    if (!this.isNew(folder)) {
      return;
    }
    const names = this.orUnreadable(folder, () => fs.readdirSync(folder))?.sort() ?? [];
    if (names.includes(CHART)) {
      this.charts.push(folder);
      return;
    }
    for (const name of names) {
      const entry = path.join(folder, name);
      this.orUnreadable(entry, () => this.addEntry(entry, name, top));
    }
  }

  private addEntry(entry: string, name: string, top: string): void {
    const stat = statInFolder(entry);
    if (stat?.isDirectory() === true) {
      this.addInnerFolder(entry, name, top);
    } else if (stat?.isFile() === true) {
      this.addFile(entry, name, top);
    }
  }

  private orUnreadable<T>(file: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.unreadable.push(unreadableBy(file, error));
      return undefined;
    }
  }

  private addInnerFolder(entry: string, name: string, top: string): void {
    if (this.isExcluded(entry, top)) {
      this.leftOut.push({ path: entry, reason: LeftOutReason.EXCLUDED });
    } else if (name === 'node_modules') {
      this.leftOut.push({ path: entry, reason: LeftOutReason.NODE_MODULES });
    } else if (name.startsWith('.')) {
      this.leftOut.push({ path: entry, reason: LeftOutReason.HIDDEN_FOLDER });
    } else {
      this.addFolder(entry, top);
    }
  }

  private addFile(entry: string, name: string, top: string): void {
    const isKustomization = KUSTOMIZATION.test(name);
    if (!isKustomization && !MANIFEST_FILE.test(name)) {
      return;
    }
    if (this.isExcluded(entry, top)) {
      this.leftOut.push({ path: entry, reason: LeftOutReason.EXCLUDED });
    } else if (this.isNew(entry)) {
      if (isKustomization) {
        this.kustomizations.push(entry);
      } else {
        const folder = path.dirname(entry);
        this.files.push({
          path: entry,
          named: false,
          appliedWith: folder === path.normalize(top) ? folder : undefined,
        });
      }
    }
  }

  /** A pattern may be written from the folder that was given, or from where the command runs. */
  private isExcluded(entry: string, top: string): boolean {
    const ways = [path.relative(top, entry), entry].map((way) => way.split(path.sep).join('/'));
    return this.excluded.some((test) => ways.some(test));
  }

  /** Links may lead to one file or folder in several ways; a mounted ConfigMap is full of them. */
  private isNew(file: string): boolean {
    const real = fs.realpathSync(file);
    const known = this.visited.has(real);
    this.visited.add(real);
    return !known;
  }
}

function statOf(given: string): fs.Stats {
  try {
    return fs.statSync(given);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new MeshInputError(code === 'ENOENT' ? `${given} does not exist` : `${given} cannot be read: ${message}`);
  }
}

/** A link that leads nowhere, or to itself, is not what the user asked for who named the folder. */
function statInFolder(entry: string): fs.Stats | undefined {
  try {
    return fs.statSync(entry);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP') {
      return undefined;
    }
    throw error;
  }
}

function bytesOf(file: string, maxBytes: number): Buffer {
  const stat = fs.statSync(file);
  if (stat.size > maxBytes) {
    throw new MeshInputError(
      `has ${stat.size} bytes, and at most ${maxBytes} are read; split it, or raise the limit (maxFileBytes)`,
    );
  }
  return stat.isFIFO() ? readPipe(file, maxBytes) : fs.readFileSync(file);
}

/** Nobody knows how much will come out of a pipe. */
function readPipe(file: string, maxBytes: number): Buffer {
  const descriptor = fs.openSync(file, 'r');
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for (;;) {
      const chunk = Buffer.alloc(64 * 1024);
      const read = fs.readSync(descriptor, chunk);
      if (read === 0) {
        return Buffer.concat(chunks);
      }
      size += read;
      if (size > maxBytes) {
        throw new MeshInputError(
          `has more than ${maxBytes} bytes, and no more are read; split it, or raise the limit (maxFileBytes)`,
        );
      }
      chunks.push(chunk.subarray(0, read));
    }
  } finally {
    fs.closeSync(descriptor);
  }
}
