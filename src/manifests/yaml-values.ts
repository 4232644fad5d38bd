/*
 * The value of a YAML document from the parser's events, put together as go-yaml 2 does it and kubectl then makes JSON of it: of a key
 * that is written twice the last one counts, `<<` acts where it stands, keys become text. The parser is loaded with this file.
 */
import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import { resolvePlain } from '../syntax/kubectl-yaml';
import type { Steps } from './path';

export interface DecodedYaml {
  /** Undefined or null when the document is empty. */
  readonly value: unknown;
  /** The way to each key that stands more than once in its map. */
  readonly duplicates: readonly Steps[];
}

/** A part of a document that stands for no value. */
export class ValueError extends Error {
  /** @param offset where it stands in the text */
  public constructor(
    message: string,
    public readonly offset: number = 0,
  ) {
    super(message);
  }
}

type Scalar = Extract<Event, { readonly type: typeof EVENT_ID.SCALAR }>;

interface ListFrame {
  readonly value: unknown[];
  readonly anchor: string;
}

interface MapFrame {
  readonly value: Record<string, unknown>;
  readonly anchor: string;
  /** The key whose value comes next; undefined where a key comes next. */
  key?: string;
  merges: boolean;
  /** Keys that so far are only there by a merge. */
  merged?: Set<string>;
}

type Frame = ListFrame | MapFrame;

const TAG_PREFIX = 'tag:yaml.org,2002:';

/** The document that begins at event `start`, the one of type DOCUMENT. */
export function decodeYaml(text: string, events: readonly Event[], start: number): DecodedYaml {
  return new Decoder(text).decode(events, start);
}

class Decoder {
  private readonly frames: Frame[] = [];
  private readonly anchors = new Map<string, unknown>();
  private readonly duplicates: Steps[] = [];
  private root: unknown;
  private offset = 0;

  public constructor(private readonly text: string) {}

  public decode(events: readonly Event[], start: number): DecodedYaml {
    try {
      let next = start + 1;
      while (next < events.length && !this.take(events[next])) {
        next++;
      }
    } catch (error) {
      throw error instanceof ValueError ? new ValueError(error.message, this.offset) : error;
    }
    return { value: this.root, duplicates: this.duplicates };
  }

  /** Whether this was the end of the document. */
  private take(event: Event): boolean {
    switch (event.type) {
      case EVENT_ID.SCALAR:
        this.offset = Math.max(this.offset, event.valueStart);
        this.scalar(event);
        return false;
      case EVENT_ID.ALIAS:
        this.offset = event.anchorStart;
        this.alias(anchorOf(this.text, event));
        return false;
      case EVENT_ID.SEQUENCE:
        this.frames.push({ value: [], anchor: anchorOf(this.text, event) });
        return false;
      case EVENT_ID.MAPPING:
        this.frames.push({ value: {}, anchor: anchorOf(this.text, event), merges: false });
        return false;
      default: {
        const frame = this.frames.pop();
        if (frame !== undefined) {
          this.add(frame.value, frame.anchor);
        }
        return frame === undefined;
      }
    }
  }

  private scalar(event: Scalar): void {
    const written = getScalarValue(this.text, event);
    const frame = this.frames.at(-1);
    const tag = event.tagStart < 0 ? '' : this.text.slice(event.tagStart, event.tagEnd);
    if (isMap(frame) && frame.key === undefined && !frame.merges && written === '<<' && isMerge(event, tag)) {
      frame.merges = true;
      return;
    }
    const value = tag === '' && event.style !== SCALAR_STYLE.PLAIN ? written : resolveTagged(tag, written);
    this.add(value, anchorOf(this.text, event));
  }

  private alias(name: string): void {
    if (!this.anchors.has(name)) {
      throw new ValueError(`the alias *${name} has no anchor before it`);
    }
    this.add(this.anchors.get(name), '');
  }

  private add(value: unknown, anchor: string): void {
    if (anchor !== '') {
      this.anchors.set(anchor, value);
    }
    const frame = this.frames.at(-1);
    if (frame === undefined) {
      this.root = refuseInfinite(value);
    } else if (!isMap(frame)) {
      frame.value.push(refuseInfinite(value));
    } else if (frame.merges) {
      frame.merges = false;
      this.merge(frame, value);
    } else if (frame.key === undefined) {
      frame.key = keyOf(value);
    } else {
      this.setField(frame, frame.key, refuseInfinite(value));
    }
  }

  private setField(frame: MapFrame, key: string, value: unknown): void {
    if (Object.hasOwn(frame.value, key) && frame.merged?.delete(key) !== true) {
      this.duplicates.push(this.wayTo(key));
    }
    define(frame.value, key, value);
    frame.key = undefined;
  }

  /** The keys and places that lead to a key of the innermost map. */
  private wayTo(key: string): Steps {
    const outer = this.frames.slice(0, -1).map((frame) => (isMap(frame) ? (frame.key ?? '') : frame.value.length));
    return [...outer, key];
  }

  private merge(frame: MapFrame, value: unknown): void {
    // The first of a list takes precedence.
    const sources = Array.isArray(value) ? [...value].reverse() : [value];
    for (const source of sources) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        throw new ValueError("what '<<' merges must be a map, or a list of maps");
      }
      frame.merged ??= new Set();
      for (const [key, field] of Object.entries(source)) {
        define(frame.value, key, field);
        frame.merged.add(key);
      }
    }
  }
}

function isMap(frame: Frame | undefined): frame is MapFrame {
  return frame !== undefined && !Array.isArray(frame.value);
}

function isMerge({ style }: Scalar, tag: string): boolean {
  return tag === '' ? style === SCALAR_STYLE.PLAIN : tag === '!!merge';
}

/** Also a field called `__proto__`, which would else be what the object inherits from. */
function define(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(map, key, { value, configurable: true, enumerable: true, writable: true });
  } else {
    map[key] = value;
  }
}

function keyOf(value: unknown): string {
  if (typeof value === 'object') {
    throw new ValueError(
      value === null
        ? 'a key is null, which kubectl refuses; write it in quotes'
        : `a key is a map or a list, ${JSON.stringify(value)}, which kubectl refuses; if it is a template, render it first`,
    );
  }
  return String(value);
}

function refuseInfinite(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ValueError('a number is infinite or NaN, which kubectl refuses; write it in quotes if it is text');
  }
  return value;
}

/** A tag that nobody here knows changes nothing, as for kubectl: other tools' files may stand in the same folder. */
function resolveTagged(tag: string, written: string): unknown {
  const name = tag.startsWith('!!') ? tag.slice(2) : tag.startsWith(`!<${TAG_PREFIX}`) ? tag.slice(20, -1) : tag;
  switch (name) {
    case '':
      return resolvePlain(written);
    case 'null':
      return expect(name, written, (value) => value === null);
    case 'bool':
      return expect(name, written, (value) => typeof value === 'boolean');
    case 'int':
      return expect(name, written, Number.isInteger);
    case 'float':
      return expect(name, written, (value) => typeof value === 'number');
    case 'binary':
      return decodeBase64(written);
    default:
      return written;
  }
}

function expect(tag: string, written: string, isOne: (value: unknown) => boolean): unknown {
  const value = resolvePlain(written);
  if (!isOne(value)) {
    throw new ValueError(`${JSON.stringify(written.slice(0, 40))} does not fit its tag !!${tag}`);
  }
  return value;
}

function decodeBase64(written: string): string {
  const packed = written.replace(/[\r\n]/g, '');
  if (packed.length % 4 !== 0 || !/^[A-Za-z\d+/]*={0,2}$/.test(packed)) {
    throw new ValueError('the value with the tag !!binary is not base64');
  }
  return new TextDecoder().decode(Uint8Array.from(atob(packed), (char) => char.charCodeAt(0)));
}

/** The anchor that an event defines, or the one that an alias names; '' when there is none. */
export function anchorOf(text: string, event: Event): string {
  return 'anchorStart' in event && event.anchorStart >= 0 ? text.slice(event.anchorStart, event.anchorEnd) : '';
}
