/*
 * YAML as kubectl reads it. The parser is loaded with this file, so load this file only where there is YAML to read.
 */
import {
  constructFromEvents,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  EVENT_ID,
  type Event,
  mapTag,
  parseEvents,
  seqTag,
  YAMLException,
} from 'js-yaml';
import { AS_KUBECTL_READS } from '../syntax/kubectl-yaml';
import { MeshInputError } from './input-error';

interface YamlDocument {
  /** Undefined or null when the document is empty. */
  readonly value: unknown;
  /** Line on which its content begins, from 1. */
  readonly line: number;
}

/** How many values aliases may add to a text; a "YAML bomb" goes far beyond, an honest template stays far below. */
const MAX_ALIASED = 1_000_000;

/** How deep maps and lists may be nested. The deepest manifests, CRDs with their schemas, stay below 100. */
export const MAX_NESTING = 500;

/** A tag that nobody here knows changes nothing, as for kubectl: other tools' files may stand in the same folder. */
const UNKNOWN_TAGS = [
  defineScalarTag('', { matchByTagPrefix: true, resolve: (text) => text, identify: () => false }),
  defineSequenceTag('', { ...seqTag, matchByTagPrefix: true }),
  defineMappingTag('', { ...mapTag, addPair: addField, matchByTagPrefix: true }),
];

const MANIFESTS = AS_KUBECTL_READS.withTags({ ...mapTag, addPair: addField }, UNKNOWN_TAGS);

function addField(map: Record<string, unknown>, key: unknown, value: unknown): string {
  if (typeof key === 'object' && key !== null) {
    throw new MeshInputError(
      `has a map or a list for a key, ${JSON.stringify(key)}, which no manifest can have; if it is a template, render it first`,
    );
  }
  return mapTag.addPair(map, key, value);
}

/** The documents of a text. Throws a MeshInputError whose message says what is wrong, after "the text …". */
export function parseYaml(text: string): readonly YamlDocument[] {
  try {
    const events = parseEvents(text, { maxDepth: MAX_NESTING });
    refuseBombs(text, events);
    const options = { source: text, schema: MANIFESTS, maxTotalMergeKeys: MAX_ALIASED };
    const lines = firstLines(text, events);
    return constructFromEvents(events, options).map((value, index) => ({ value, line: lines[index] }));
  } catch (error) {
    throw error instanceof YAMLException ? new MeshInputError(messageOf(error)) : error;
  }
}

function messageOf({ reason, mark }: YAMLException): string {
  if (reason.startsWith('nesting exceeded')) {
    return `cannot be read: it is nested more than ${MAX_NESTING} levels deep`;
  }
  const where = mark === undefined ? '' : ` at line ${mark.line + 1}, column ${mark.column + 1}`;
  return `is not valid YAML${where}: ${reason}`;
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
        `cannot be read: its aliases multiply it by more than ${MAX_ALIASED} values, as only a YAML bomb does`,
      );
    }
  }
}

function refuseLoop(name: string, open: readonly { readonly anchor: string }[]): void {
  if (open.some(({ anchor }) => anchor === name)) {
    throw new MeshInputError(`cannot be read: the alias *${name} stands inside of what it names`);
  }
}

/** The anchor that an event defines, or the one that an alias names; '' when there is none. */
function anchorOf(text: string, event: Event): string {
  return 'anchorStart' in event && event.anchorStart >= 0 ? text.slice(event.anchorStart, event.anchorEnd) : '';
}

/** For each document the line of the first thing in it that stands anywhere. */
function firstLines(text: string, events: readonly Event[]): readonly number[] {
  let line = 1;
  let reached = 0;
  return events.flatMap((event, index) => {
    if (event.type !== EVENT_ID.DOCUMENT) {
      return [];
    }
    const start = startOf(events[index + 1]);
    for (let end = text.indexOf('\n', reached); end >= 0 && end < start; end = text.indexOf('\n', reached)) {
      line++;
      reached = end + 1;
    }
    return [line];
  });
}

function startOf(event: Event): number {
  if ('start' in event) {
    return event.start;
  }
  return 'valueStart' in event ? event.valueStart : -1;
}
