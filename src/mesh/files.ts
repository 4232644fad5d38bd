/*
 * Manifests from files, folders and YAML text. Whatever cannot be read ends in one MeshInputError that says what and where.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { MeshInputError } from './input-error';
import type { RawManifest } from './manifest-list';

/** A file larger than this is refused unless the caller allows more: manifests are small, and parsing takes time. */
export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** How far aliases may multiply a document; a "YAML bomb" goes far beyond, an honest template stays far below. */
const MAX_ALIASES = 10_000;

/** How deep maps and lists may be nested. The deepest manifests, CRDs with their schemas, stay below 100. */
const MAX_NESTING = 500;

/** The same in tokens of the YAML parser: each map or list is one, and each entry of it another. */
const MAX_DEPTH = 2 * MAX_NESTING + 2;

const MANIFEST_FILE = /\.(ya?ml|json)$/i;
const SKIPPED_FOLDERS = new Set(['node_modules', '.git']);

/** The manifests of files, and of folders with all that is in them. */
export function readFiles(paths: readonly string[], maxBytes: number): readonly RawManifest[] {
  const visited = new Set<string>();
  return paths.flatMap((given) => filesAt(given, visited)).flatMap((file) => readFile(file, maxBytes));
}

/** The manifests of a text with any number of YAML documents. `name` is what messages call it. */
export function readYaml(text: string, name: string): readonly RawManifest[] {
  // Loaded on first use: a chart in memory should not pay for a YAML parser.
  const { Composer, LineCounter, Parser } = require('yaml') as typeof import('yaml');
  const lines = new LineCounter();
  try {
    const options = { lineCounter: lines, prettyErrors: false, logLevel: 'silent', ...AS_KUBECTL_READS } as const;
    const tokens = [...new Parser(lines.addNewLine).parse(text)];
    refuseDeepNesting(tokens, name);
    const documents = new Composer(options).compose(tokens);
    return [...documents].flatMap((document, index) => {
      const [error] = document.errors;
      if (error !== undefined) {
        const { line, col } = lines.linePos(error.pos[0]);
        throw new MeshInputError(`${name} is not valid YAML at line ${line}, column ${col}: ${error.message}`);
      }
      const { line } = lines.linePos(document.contents?.range?.[0] ?? document.range[0]);
      const raw: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
      return raw === null || raw === undefined ? [] : [{ raw, source: { file: name, document: index, line } }];
    });
  } catch (error) {
    throw error instanceof MeshInputError ? error : new MeshInputError(`${name} cannot be read: ${reasonOf(error)}`);
  }
}

/**
 * kubectl reads YAML 1.1 with merge keys, but neither dates nor numbers to base 60: `12:30` is a string to it.
 */
const AS_KUBECTL_READS: import('yaml').ParseOptions & import('yaml').DocumentOptions & import('yaml').SchemaOptions = {
  version: '1.1',
  merge: true,
  customTags: (tags) =>
    tags.filter(
      (tag) => typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && formatOf(tag) !== 'TIME'),
    ),
};

/**
 * What is nested too deeply exhausts the stack of whatever works on it by recursion, and Node may then die rather than throw.
 * So the depth is counted before, without recursion.
 */
function refuseDeepNesting(tokens: readonly unknown[], name: string): void {
  let level = tokens;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new MeshInputError(`${name} cannot be read: it is nested more than ${MAX_NESTING} levels deep`);
    }
    level = level.flatMap(childrenOf);
  }
}

/** The parts of a token of the YAML parser that are tokens or contain some. */
function childrenOf(token: unknown): readonly unknown[] {
  if (token === null || typeof token !== 'object') {
    return [];
  }
  const { value, key, items } = token as { readonly value?: unknown; readonly key?: unknown; readonly items?: unknown };
  return [value, key, ...(Array.isArray(items) ? items : [])].filter(
    (part) => part !== null && typeof part === 'object',
  );
}

function formatOf(tag: object): unknown {
  return 'format' in tag ? tag.format : undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) {
    return 'it is nested too deeply';
  }
  if (error instanceof ReferenceError && /alias/i.test(error.message)) {
    return error.message.startsWith('Excessive')
      ? `its aliases multiply it beyond ${MAX_ALIASES} times, as only a YAML bomb does`
      : error.message;
  }
  return error instanceof Error ? error.message : String(error);
}

function filesAt(given: string, visited: Set<string>): readonly string[] {
  const stat = statOf(given);
  if (stat.isFile()) {
    return [given];
  }
  if (!stat.isDirectory()) {
    throw new MeshInputError(`${given} is neither a file nor a folder, so there are no manifests to read from it`);
  }
  return filesIn(given, visited);
}

function filesIn(folder: string, visited: Set<string>): readonly string[] {
  const real = fs.realpathSync(folder);
  if (visited.has(real)) {
    return [];
  }
  visited.add(real);
  const names = readFolder(folder).sort();
  return names.flatMap((name) => {
    const entry = path.join(folder, name);
    // A link that leads nowhere, inside a folder, is not what the user asked for.
    const stat = fs.statSync(entry, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      return SKIPPED_FOLDERS.has(name) ? [] : filesIn(entry, visited);
    }
    return stat?.isFile() && MANIFEST_FILE.test(name) ? [entry] : [];
  });
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

function readFile(file: string, maxBytes: number): readonly RawManifest[] {
  const { size } = statOf(file);
  if (size > maxBytes) {
    throw new MeshInputError(
      `${file} has ${size} bytes, and at most ${maxBytes} are read; split it, or raise the limit (maxFileBytes)`,
    );
  }
  const text = decode(file);
  return /\.json$/i.test(file) ? readJson(text, file) : readYaml(text, file);
}

function decode(file: string): string {
  const bytes = readBytes(file);
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

function readJson(text: string, file: string): readonly RawManifest[] {
  try {
    const raw: unknown = JSON.parse(text);
    const documents = Array.isArray(raw) ? raw : [raw];
    return documents.map((document, index) => ({ raw: document, source: { file, document: index, line: 1 } }));
  } catch (error) {
    throw new MeshInputError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
}
