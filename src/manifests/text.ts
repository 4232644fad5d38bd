/*
 * Manifests from a text, YAML or JSON. What cannot be read ends in one MeshInputError that says what and where.
 */
import { MeshInputError } from './input-error';
import type { RawManifest } from './manifest-list';
import type { Steps } from './path';
import type { SourceLines } from './source-lines';

/** The manifests of a text with any number of YAML documents. `name` is what messages call it. */
export function readYaml(text: string, name: string): readonly RawManifest[] {
  // Loaded on first use: a chart in memory should not pay for a YAML parser.
  const { parseYaml } = require('./yaml') as typeof import('./yaml');
  try {
    const lineAt = lineFinder(text);
    return parseYaml(text).flatMap(({ value, line }, document) =>
      value === null || value === undefined
        ? []
        : [{ raw: value, source: { file: name, document, line, lineAt: (steps) => lineAt(document, steps) } }],
    );
  } catch (error) {
    // Anything else would be a fault of ours, and must not look like one of the text.
    throw error instanceof MeshInputError ? new MeshInputError(`${name} ${error.message}`) : error;
  }
}

/** The manifests of a JSON text, a list of them or one. `name` is what messages call it. */
export function readJson(text: string, name: string): readonly RawManifest[] {
  try {
    const raw: unknown = JSON.parse(text);
    const documents = Array.isArray(raw) ? raw : [raw];
    const lineAt = lineFinder(text);
    return documents.map((document, index) => ({
      raw: document,
      source: {
        file: name,
        document: index,
        line: 1,
        lineAt: (steps) => lineAt(0, Array.isArray(raw) ? [index, ...steps] : steps),
      },
    }));
  } catch (error) {
    throw new MeshInputError(`${name} is not valid JSON: ${(error as Error).message}`);
  }
}

/** The lines of a text's parts. Nothing is done before the first question: most texts are in order. */
function lineFinder(text: string): (document: number, steps: Steps) => number | undefined {
  let lines: SourceLines | undefined;
  return (document, steps) => {
    try {
      lines ??= new (require('./source-lines') as typeof import('./source-lines')).SourceLines(text);
      return lines.lineAt(document, steps);
    } catch {
      // Not everything that is JSON is YAML too.
      return undefined;
    }
  };
}
