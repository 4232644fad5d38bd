/*
 * Manifests from a text, YAML or JSON, as kubectl reads it. What cannot be read is told beside what can.
 */
import { MeshInputError } from './input-error';
import { duplicateKeys, endOfObject, MAX_JSON_NESTING } from './json';
import type { RawManifest } from './manifest-list';
import type { SourceParts } from './object';
import type { Steps } from './path';
import type { SourceLines } from './source-lines';
import { sentenceAbout, type Unreadable } from './unreadable';
import { chunksOf, linesIn } from './yaml-stream';

/** What a text, or several, gave. */
export interface ReadManifests {
  readonly manifests: readonly RawManifest[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * How many documents a text may have. A dump of a cluster of 64 MB has a third of that; each takes some 1,500 bytes of memory and 20
 * microseconds, however little is in it.
 */
const MAX_DOCUMENTS = 250_000;

/** A text whose first character, but for spaces, is this, is a stream of JSON objects; as far as kubectl looks for it. */
const JSON_START = /^[^\S\uFEFF]{0,4095}\{/;

/** The manifests of a text. `name` is what messages call it. */
export function readText(text: string, name: string): ReadManifests {
  const reader = new TextReader(text, name);
  reader.read();
  return reader;
}

/** The manifests, where all was readable. Throws a MeshInputError that names everything that was not. */
export function refuseUnreadable({ manifests, unreadable }: ReadManifests): readonly RawManifest[] {
  if (unreadable.length > 0) {
    const [first, ...more] = unreadable.map(sentenceAbout);
    throw new MeshInputError(first, more);
  }
  return manifests;
}

class TextReader implements ReadManifests {
  public readonly manifests: RawManifest[] = [];
  public readonly unreadable: Unreadable[] = [];
  private document = 0;

  public constructor(
    private readonly text: string,
    private readonly name: string,
  ) {}

  public read(): void {
    const start = JSON_START.test(this.text) ? this.readJson() : 0;
    if (start < this.text.length) {
      this.readYaml(this.text.slice(start), linesIn(this.text, 0, start));
    }
  }

  /** One object after another. Gives the place where YAML begins: at what is not JSON, after at most one object. */
  private readJson(): number {
    let count = 0;
    let line = 1;
    let before = 0;
    for (let at = skipSpace(this.text, 0); at < this.text.length; at = skipSpace(this.text, at)) {
      line += linesIn(this.text, before, at);
      before = at;
      const { end, levels } = this.text[at] === '{' ? endOfObject(this.text, at) : { end: at, levels: 0 };
      if (levels > MAX_JSON_NESTING) {
        this.fail(`is nested more than ${MAX_JSON_NESTING} levels deep, which kubectl refuses`, line);
        at = end;
        continue;
      }
      const part = this.text.slice(at, end);
      const raw = parseJson(part);
      if (raw instanceof Error) {
        if (count <= 1 && this.isYaml(at)) {
          return at;
        }
        this.fail(`is not valid JSON: ${raw.message}`, line);
        break;
      }
      this.add(raw, duplicateKeys(part), line, partsOf(part, line - 1));
      count++;
      at = end;
    }
    return this.text.length;
  }

  /** Whether what is not JSON is to be read, or complained about, as YAML. */
  private isYaml(start: number): boolean {
    return !/\.json$/i.test(this.name) || readText(this.text.slice(start), '').unreadable.length === 0;
  }

  private readYaml(text: string, linesBefore: number): void {
    // Loaded on first use: a chart in memory should not pay for a YAML parser.
    const { parseYaml, YamlError } = require('./yaml') as typeof import('./yaml');
    let count = 0;
    for (const chunk of chunksOf(text)) {
      const firstLine = chunk.line + linesBefore;
      if (++count > MAX_DOCUMENTS) {
        this.fail(`has more than ${MAX_DOCUMENTS} documents, and what follows was not read; split it`, firstLine);
        break;
      }
      if (chunk.afterSeparator !== undefined) {
        this.fail(
          `has ${JSON.stringify(chunk.afterSeparator.slice(0, 40))} after the '---' of line ${firstLine - 1}, which kubectl refuses; write it on a line of its own`,
          firstLine - 1,
        );
        continue;
      }
      try {
        const { value, duplicates, text: parsed, line, restLine } = parseYaml(chunk.text, firstLine);
        this.add(value, duplicates, line + firstLine - 1, partsOf(parsed, firstLine - 1));
        if (restLine !== undefined) {
          const dropped = restLine + firstLine - 1;
          this.fail(
            `goes on at line ${dropped} after the end of a document, and kubectl silently drops that; write '---' above it`,
            dropped,
            true,
          );
        }
      } catch (error) {
        // Anything else would be a fault of ours, and must not look like one of the text.
        if (!(error instanceof YamlError)) {
          throw error;
        }
        this.fail(error.message, error.line);
      }
    }
  }

  private add(raw: unknown, duplicates: readonly Steps[], line: number, parts: SourceParts): void {
    if (raw !== null && raw !== undefined) {
      const source = { file: this.name, document: this.document++, line, parts, duplicates };
      this.manifests.push({ raw, source });
    }
  }

  private fail(reason: string, line?: number, dropped?: true): void {
    this.unreadable.push({ file: this.name, line, reason, dropped });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

function skipSpace(text: string, start: number): number {
  const SPACE = /\s*/y;
  SPACE.lastIndex = start;
  SPACE.test(text);
  return SPACE.lastIndex;
}

/** The parts of a document. Nothing is done before the first question: most texts are in order. */
function partsOf(text: string, linesBefore: number): SourceParts {
  let known: SourceLines | undefined;
  const ask = <T>(question: (lines: SourceLines) => T): T | undefined => {
    try {
      known ??= new (require('./source-lines') as typeof import('./source-lines')).SourceLines(text);
      return question(known);
    } catch {
      // Not everything that is JSON is YAML too.
      return undefined;
    }
  };
  return {
    lineAt: (steps) => {
      const line = ask((lines) => lines.lineAt(0, steps));
      return line === undefined ? undefined : line + linesBefore;
    },
    textAt: (steps) => ask((lines) => lines.textAt(0, steps)),
  };
}
