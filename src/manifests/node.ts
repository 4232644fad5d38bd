/*
 * Reading manifests that nobody has validated. Every value is read through a Node, which knows where in the object it
 * stands. A value of the wrong type never throws: it reads as absent, and is recorded as a problem of the object, until whoever keeps
 * these has read all that counts and freezes them.
 */

import { numberText } from '../syntax/scalar-text';
import { childPath } from './path';

/** Something in a manifest that could not be understood, at a path such as `spec.http[0].match[1]`. */
export interface ReadProblem {
  readonly path: string;
  /** A sentence: what stands there and what is expected. */
  readonly message: string;
}

/** Labels, annotations and the like. A Map, so that no key (`__proto__`) has a meaning of its own. */
export type StringMap = ReadonlyMap<string, string>;

export const EMPTY_MAP: StringMap = new Map();

/** What was already said of values of the wrong type; a value is read by several. */
const toldOf = new WeakMap<ReadProblem[], Set<string>>();

/** One value of a manifest and its path. Reading below an absent value gives absent values. */
export class Node {
  public static root(value: unknown, problems: ReadProblem[]): Node {
    return new Node(value, problems);
  }

  private knownPath: string | undefined;

  private constructor(
    public readonly value: unknown,
    private readonly problems: ReadProblem[],
    private readonly parent?: Node,
    private readonly key: string | number = '',
  ) {}

  /** Put together when it is first asked for: most values are in order, and nobody wants to know where they stand. */
  public get path(): string {
    this.knownPath ??= this.parent === undefined ? '' : childPath(this.parent.path, this.key);
    return this.knownPath;
  }

  /** Whether there is a value; Kubernetes treats `null` as absent. */
  public get present(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** The field `key` of a map. Only the map's own fields count, never what JavaScript objects inherit. */
  public get(key: string): Node {
    const map = this.mapOrUndefined();
    const value = map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
    return new Node(value, this.problems, this, key);
  }

  /** The items of a list. */
  public items(): readonly Node[] {
    if (!this.present) {
      return [];
    }
    if (!Array.isArray(this.value)) {
      this.complain('a list');
      return [];
    }
    return this.value.map((item, index) => new Node(item, this.problems, this, index));
  }

  /** The items of a list that are maps; any other item is a problem. */
  public maps(): readonly Node[] {
    return this.items().filter((item) => item.isMap());
  }

  /** The fields of a map, in the order in which they are written. */
  public entries(): readonly (readonly [string, Node])[] {
    const map = this.mapOrUndefined();
    return map === undefined ? [] : Object.keys(map).map((key) => [key, this.get(key)] as const);
  }

  /** Whether this is a map. Anything else, an absent value included, is recorded as a problem. */
  public isMap(): boolean {
    if (!this.present) {
      this.problem('is empty where a map is expected');
      return false;
    }
    return this.mapOrUndefined() !== undefined;
  }

  public string(): string | undefined {
    return this.scalar('string', 'a string') as string | undefined;
  }

  /** A string that is there and not empty. The API server makes no difference between an empty field and none. */
  public text(): string | undefined {
    return this.string() || undefined;
  }

  public boolean(): boolean | undefined {
    return this.scalar('boolean', 'true or false') as boolean | undefined;
  }

  public number(): number | undefined {
    return this.scalar('number', 'a number') as number | undefined;
  }

  public strings(): readonly string[] {
    return this.items()
      .map((item) => item.string())
      .filter((text) => text !== undefined);
  }

  public stringMap(): StringMap {
    const result = new Map<string, string>();
    for (const [key, node] of this.entries()) {
      const value = node.string();
      if (value !== undefined) {
        result.set(key, value);
      }
    }
    return result;
  }

  /** Records that this value is not what it should be. */
  public problem(message: string): void {
    if (!Object.isFrozen(this.problems)) {
      this.problems.push({ path: this.path, message });
    }
  }

  private scalar(type: 'string' | 'number' | 'boolean', expected: string): unknown {
    if (!this.present) {
      return undefined;
    }
    const actual: string = typeof this.value;
    if (actual !== type) {
      this.complain(expected);
      return undefined;
    }
    return this.value;
  }

  private mapOrUndefined(): { readonly [key: string]: unknown } | undefined {
    if (!this.present) {
      return undefined;
    }
    if (typeof this.value !== 'object' || Array.isArray(this.value)) {
      this.complain('a map');
      return undefined;
    }
    return this.value as { readonly [key: string]: unknown };
  }

  private complain(expected: string): void {
    const message = `is ${describe(this.value)} where ${expected} is expected`;
    let told = toldOf.get(this.problems);
    if (told === undefined) {
      told = new Set();
      toldOf.set(this.problems, told);
    }
    const key = `${this.path} ${message}`;
    if (!told.has(key)) {
      told.add(key);
      this.problem(message);
    }
  }
}

function describe(value: unknown): string {
  if (Array.isArray(value)) {
    return 'a list';
  }
  switch (typeof value) {
    case 'string':
      return `the string ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
    case 'number':
      return `the number ${numberText(value)}`;
    case 'boolean':
      return `the word ${value}`;
    default:
      return 'a map';
  }
}
