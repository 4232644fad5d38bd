/*
 * Manifests from files and folders. Whatever cannot be read ends in one MeshInputError that says what and where.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { MeshInputError } from './input-error';
import type { RawManifest } from './manifest-list';
import { readWholeText } from './text';

/** A file larger than this is refused unless the caller allows more: manifests are small, and parsing takes time. */
export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

const MANIFEST_FILE = /\.(ya?ml|json)$/i;
const SKIPPED_FOLDERS = new Set(['node_modules', '.git']);

/** The manifests of files, and of folders with all that is in them. A file that several paths lead to is read once. */
export function readFiles(paths: readonly string[], maxBytes = DEFAULT_MAX_BYTES): readonly RawManifest[] {
  const visited = new Set<string>();
  return paths.flatMap((given) => filesAt(given, visited)).flatMap((file) => readFile(file, maxBytes));
}

function filesAt(given: string, visited: Set<string>): readonly string[] {
  const stat = statOf(given);
  if (stat.isDirectory()) {
    return filesIn(given, visited);
  }
  if (stat.isFIFO()) {
    return [given];
  }
  if (!stat.isFile()) {
    throw new MeshInputError(`${given} is neither a file nor a folder, so there are no manifests to read from it`);
  }
  return isNew(given, visited) ? [given] : [];
}

function filesIn(folder: string, visited: Set<string>): readonly string[] {
  if (!isNew(folder, visited)) {
    return [];
  }
  const names = readFolder(folder).sort();
  return names.flatMap((name) => {
    const entry = path.join(folder, name);
    const stat = statInFolder(entry);
    if (stat?.isDirectory()) {
      return SKIPPED_FOLDERS.has(name) ? [] : filesIn(entry, visited);
    }
    return stat?.isFile() && MANIFEST_FILE.test(name) && isNew(entry, visited) ? [entry] : [];
  });
}

/** Links may lead to one file or folder in several ways; a mounted ConfigMap is full of them. */
function isNew(file: string, visited: Set<string>): boolean {
  const real = fs.realpathSync(file);
  const known = visited.has(real);
  visited.add(real);
  return !known;
}

function readFolder(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    throw new MeshInputError(`${folder} cannot be read: ${(error as Error).message}`);
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
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP') {
      return undefined;
    }
    throw new MeshInputError(`${entry} cannot be read: ${message}`);
  }
}

function readFile(file: string, maxBytes: number): readonly RawManifest[] {
  const stat = statOf(file);
  if (stat.size > maxBytes) {
    throw new MeshInputError(
      `${file} has ${stat.size} bytes, and at most ${maxBytes} are read; split it, or raise the limit (maxFileBytes)`,
    );
  }
  const text = decode(stat.isFIFO() ? readPipe(file, maxBytes) : readBytes(file), file);
  return readWholeText(text, file);
}

function decode(bytes: Buffer, file: string): string {
  if (bytes.includes(0)) {
    throw new MeshInputError(`${file} is a binary file, not a manifest`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MeshInputError(`${file} is not text in UTF-8, so it cannot be a manifest`);
  }
}

function readBytes(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new MeshInputError(`${file} cannot be read: ${(error as Error).message}`);
  }
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
          `${file} has more than ${maxBytes} bytes, and no more are read; split it, or raise the limit (maxFileBytes)`,
        );
      }
      chunks.push(chunk.subarray(0, read));
    }
  } finally {
    fs.closeSync(descriptor);
  }
}
