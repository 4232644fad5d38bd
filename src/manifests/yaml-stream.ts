/*
 * A stream of YAML cut into documents as kubectl cuts it, before anything of it is parsed: at every line that begins with `---`, even
 * where that line stands in a text of several lines.
 */

/** What stands between two separators. */
export interface YamlChunk {
  readonly text: string;
  /** The line of the stream on which it begins, from 1. */
  readonly line: number;
  /** What stands behind the `---` above it and is no comment; kubectl refuses that. */
  readonly afterSeparator?: string;
}

const SEPARATOR = /^---(.*)$/gm;
const NOTHING = /^\uFEFF?\s*$/;

/** The chunks that have something in them. */
export function* chunksOf(stream: string): Generator<YamlChunk> {
  let line = 1;
  let start = 0;
  let afterSeparator: string | undefined;
  const chunkUpTo = (end: number): YamlChunk | undefined => {
    const text = stream.slice(start, end);
    return NOTHING.test(text) && afterSeparator === undefined ? undefined : { text, line, afterSeparator };
  };
  SEPARATOR.lastIndex = 0;
  for (const { index, 0: separator, 1: rest } of stream.matchAll(SEPARATOR)) {
    const chunk = chunkUpTo(index);
    if (chunk !== undefined) {
      yield chunk;
    }
    line += linesIn(stream, start, index) + 1;
    start = Math.min(stream.length, index + separator.length + 1);
    const trimmed = rest.trim();
    afterSeparator = trimmed === '' || trimmed.startsWith('#') ? undefined : trimmed;
  }
  const last = chunkUpTo(stream.length);
  if (last !== undefined) {
    yield last;
  }
}

/** How many lines end between two places. */
export function linesIn(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) {
    lines++;
  }
  return lines;
}
