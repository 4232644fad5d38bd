/*
 * One YAML document as kubectl reads it. The parser is loaded with this file, so load this file only where there is YAML to read.
 */
import { COLLECTION_STYLE, EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import { MeshInputError } from './input-error';
import type { Steps } from './path';
import { asLibraryReads, mayReadOtherwise } from './yaml-dialect';
import { linesIn } from './yaml-stream';
import { anchorOf, decodeYaml, ValueError } from './yaml-values';

export interface YamlDocument {
  /** Undefined or null when the document is empty. */
  readonly value: unknown;
  /** Line of the text on which its content begins, from 1. */
  readonly line: number;
  /** The way to each key that stands more than once in its map. */
  readonly duplicates: readonly Steps[];
  /** What was parsed: the text, or what stands for it to this parser, line by line. */
  readonly text: string;
  /** Whether nothing that follows could be part of it. */
  readonly isWhole: boolean;
  /** The line of what follows the document, which kubectl silently drops. */
  readonly restLine?: number;
}

/** How many values aliases may add to a text; a "YAML bomb" goes far beyond, an honest template stays far below. */
const MAX_ALIASED = 1_000_000;

/**
 * How many values and ends of values a document may have. A dump of a cluster of 64 MB has a third of that; the parser takes up to
 * 300 bytes for each.
 */
const MAX_PARTS = 4_000_000;

const BEGINS_OR_ENDS: ReadonlySet<number> = new Set([...'\n,[]{}-'].map((char) => char.charCodeAt(0)));

/** How deep maps and lists may be nested. The deepest manifests, CRDs with their schemas, stay below 100. */
export const MAX_NESTING = 500;

const DOCUMENT_HAS_ENDED = 'end of the stream or a document separator is expected';

/** A document that cannot be read. The message goes on after "the text …". */
export class YamlError extends MeshInputError {
  /** @param line where it shows, from 1; undefined where that is not known */
  public constructor(
    message: string,
    public readonly line?: number,
  ) {
    super(message);
  }
}

/**
 * The first document of a text, which is all that kubectl reads of what stands between two separators.
 *
 * @param firstLine the line of the file on which the text begins
 */
export function parseYaml(text: string, firstLine: number = 1): YamlDocument {
  const content = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  refuseCrowds(content);
  const direct = mayReadOtherwise(content) ? undefined : attempt(content, firstLine);
  if (direct !== undefined && !(direct instanceof YamlError)) {
    return direct;
  }
  const repaired = asLibraryReads(content);
  if (repaired === content) {
    return orThrow(direct ?? attempt(content, firstLine));
  }
  return orThrow(attempt(repaired, firstLine));
}

function orThrow(result: YamlDocument | YamlError): YamlDocument {
  if (result instanceof YamlError) {
    throw result;
  }
  return result;
}

function attempt(text: string, firstLine: number): YamlDocument | YamlError {
  try {
    return parseFirst(text);
  } catch (error) {
    if (error instanceof YAMLException) {
      const { reason, mark } = error;
      const whole = reason === DOCUMENT_HAS_ENDED && mark !== undefined ? withoutRest(text, mark.position) : undefined;
      return (
        whole ?? new YamlError(messageOf(error, firstLine), mark === undefined ? undefined : mark.line + firstLine)
      );
    }
    if (error instanceof ValueError) {
      const line = linesIn(text, 0, error.offset) + firstLine;
      return new YamlError(`is not valid YAML at line ${line}: ${error.message}`, line);
    }
    if (error instanceof MeshInputError) {
      return new YamlError(error.message, firstLine);
    }
    throw error;
  }
}

/**
 * What follows a whole document is nothing to kubectl, be it on the same line. Undefined where the document is not whole by itself: a map
 * or a list in block style could go on there.
 */
function withoutRest(text: string, end: number): YamlDocument | undefined {
  try {
    const document = parseFirst(text.slice(0, end));
    return document.isWhole ? { ...document, restLine: linesIn(text, 0, end) + 1 } : undefined;
  } catch (error) {
    if (error instanceof YAMLException || error instanceof MeshInputError || error instanceof ValueError) {
      return undefined;
    }
    throw error;
  }
}

function parseFirst(text: string): YamlDocument {
  const events = parseEvents(text, { maxDepth: MAX_NESTING });
  refuseBombs(text, events);
  const { value, duplicates } = decodeYaml(text, events, 0);
  const second = events.findIndex(({ type }, index) => index > 0 && type === EVENT_ID.DOCUMENT);
  return {
    value,
    duplicates,
    text,
    isWhole: isWhole(events[1]),
    line: lineOfEvent(text, events[1]),
    restLine: second < 0 ? undefined : lineOfEvent(text, events[second + 1]),
  };
}

function isWhole(root: Event | undefined): boolean {
  const isCollection = root?.type === EVENT_ID.MAPPING || root?.type === EVENT_ID.SEQUENCE;
  return root !== undefined && startOf(root) >= 0 && !(isCollection && root.style === COLLECTION_STYLE.BLOCK);
}

function messageOf({ reason, mark }: YAMLException, firstLine: number): string {
  if (reason.startsWith('nesting exceeded')) {
    return `cannot be read: it is nested more than ${MAX_NESTING} levels deep`;
  }
  const where = mark === undefined ? '' : ` at line ${mark.line + firstLine}, column ${mark.column + 1}`;
  return `is not valid YAML${where}: ${reason}`;
}

function refuseCrowds(text: string): void {
  let parts = 0;
  for (let at = 0; text.length > MAX_PARTS && at < text.length && parts <= MAX_PARTS; at++) {
    parts += BEGINS_OR_ENDS.has(text.charCodeAt(at)) ? 1 : 0;
  }
  if (parts > MAX_PARTS) {
    throw new YamlError(`cannot be read: one document has more than ${MAX_PARTS} values; split it`);
  }
}

/**
 * Refuses aliases that multiply: a few lines of them stand for more values than any machine can walk through. So what each
 * anchor stands for is counted, its own aliases followed, before anything is made of it.
 */
function refuseBombs(text: string, events: readonly Event[]): void {
  if (!events.some(({ type }) => type === EVENT_ID.ALIAS)) {
    return;
  }
  const sizes = new Map<string, number>();
  const open: { readonly anchor: string; size: number }[] = [];
  let aliased = 0;
  const close = (anchor: string, size: number) => {
    sizes.set(anchor, size);
    const parent = open.at(-1);
    if (parent !== undefined) {
      parent.size += size;
    }
  };
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      const { anchor, size } = open.pop() ?? { anchor: '', size: 0 };
      close(anchor, size);
    } else if (event.type === EVENT_ID.SCALAR) {
      close(anchorOf(text, event), 1);
    } else if (event.type === EVENT_ID.ALIAS) {
      const name = anchorOf(text, event);
      refuseLoop(name, open);
      aliased += sizes.get(name) ?? 1;
      close('', sizes.get(name) ?? 1);
    } else {
      open.push({ anchor: anchorOf(text, event), size: 1 });
    }
    if (aliased > MAX_ALIASED) {
      throw new MeshInputError(
        `cannot be read: its aliases add more than ${MAX_ALIASED} values, as only a YAML bomb does`,
      );
    }
  }
}

function refuseLoop(name: string, open: readonly { readonly anchor: string }[]): void {
  if (open.some(({ anchor }) => anchor === name)) {
    throw new MeshInputError(`cannot be read: the alias *${name} is inside the value that it refers to`);
  }
}

function lineOfEvent(text: string, event: Event | undefined): number {
  return event === undefined ? 1 : linesIn(text, 0, startOf(event)) + 1;
}

function startOf(event: Event): number {
  if ('start' in event) {
    return event.start;
  }
  return 'valueStart' in event ? event.valueStart : -1;
}
