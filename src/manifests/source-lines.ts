/*
 * On which line of a YAML or JSON text a part of it stands, and how it is written there, from the parser's events. The parser is loaded with this file, and a text
 * parsed once more, so this is only for texts in which something was found.
 */
import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';
import type { Steps } from './path';
import { MAX_NESTING } from './yaml';

/** A part of the text: the events that it is made of begin at `event`, and it is found at `offset`. */
interface Part {
  readonly event: number;
  readonly offset: number;
}

export class SourceLines {
  private readonly events: readonly Event[];
  /** For each event, the one behind what it begins. */
  private readonly next: Int32Array;
  /** The first event of each document's content. */
  private readonly documents: number[] = [];
  private readonly parts = new Map<number, ReadonlyMap<string | number, Part>>();
  private readonly lineStarts: number[] = [0];

  public constructor(private readonly text: string) {
    this.events = parseEvents(text, { maxDepth: MAX_NESTING });
    this.next = this.findEnds();
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      this.lineStarts.push(at + 1);
    }
  }

  /**
   * The line of what stands there, from 1; of the nearest thing around it where there is no such thing. Undefined where there is no
   * such document.
   */
  public lineAt(document: number, steps: Steps): number | undefined {
    const part = this.wayTo(document, steps).at(-1);
    return part === undefined || part.offset < 0 ? undefined : this.lineOf(part.offset);
  }

  /** The text or number that stands there, as it is written, without quotes; undefined where there is none. */
  public textAt(document: number, steps: Steps): string | undefined {
    const way = this.wayTo(document, steps);
    const event = this.events[way.at(-1)?.event ?? -1];
    return way.length === steps.length + 1 && event?.type === EVENT_ID.SCALAR
      ? getScalarValue(this.text, event)
      : undefined;
  }

  /** The document, and the parts on the way from there, as far as there are any. */
  private wayTo(document: number, steps: Steps): readonly Part[] {
    const event = this.documents[document];
    if (event === undefined) {
      return [];
    }
    const way = [{ event, offset: this.startOf(event) }];
    for (const step of steps) {
      const inner = this.partsOf(way[way.length - 1].event).get(step);
      if (inner === undefined || inner.offset < 0) {
        break;
      }
      way.push(inner);
    }
    return way;
  }

  private findEnds(): Int32Array {
    const next = new Int32Array(this.events.length);
    const open: number[] = [];
    this.events.forEach(({ type }, index) => {
      if (type === EVENT_ID.POP) {
        next[open.pop() ?? index] = index + 1;
      } else if (type === EVENT_ID.DOCUMENT || type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) {
        open.push(index);
      }
      if (type === EVENT_ID.DOCUMENT) {
        this.documents.push(index + 1);
      }
      next[index] = index + 1;
    });
    return next;
  }

  /** What a map or list consists of: a field of a map is found at its key. */
  private partsOf(event: number): ReadonlyMap<string | number, Part> {
    let parts = this.parts.get(event);
    if (parts === undefined) {
      const { type } = this.events[event];
      parts =
        type === EVENT_ID.SEQUENCE ? this.itemsOf(event) : type === EVENT_ID.MAPPING ? this.fieldsOf(event) : new Map();
      this.parts.set(event, parts);
    }
    return parts;
  }

  private itemsOf(sequence: number): ReadonlyMap<number, Part> {
    const items = new Map<number, Part>();
    for (let event = sequence + 1; !this.isEnd(event); event = this.next[event]) {
      items.set(items.size, { event, offset: this.startOf(event) });
    }
    return items;
  }

  private fieldsOf(mapping: number): ReadonlyMap<string, Part> {
    const fields = new Map<string, Part>();
    for (let key = mapping + 1; !this.isEnd(key); key = this.next[this.next[key]]) {
      const event = this.events[key];
      if (event.type === EVENT_ID.SCALAR) {
        const name = getScalarValue(this.text, event);
        fields.set(name, { event: this.next[key], offset: event.valueStart });
      }
    }
    return fields;
  }

  private isEnd(event: number): boolean {
    return this.events[event] === undefined || this.events[event].type === EVENT_ID.POP;
  }

  /** -1 for what is empty. */
  private startOf(index: number): number {
    const event = this.events[index];
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return event.valueStart;
      case EVENT_ID.ALIAS:
        return event.anchorStart;
      case EVENT_ID.DOCUMENT:
      case EVENT_ID.POP:
      case undefined:
        return -1;
      default:
        return event.start;
    }
  }

  private lineOf(offset: number): number {
    let low = 0;
    let high = this.lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.lineStarts[middle] <= offset) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low + 1;
  }
}
