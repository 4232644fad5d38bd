/*
 * Options of callers, with or without a compiler, held against one table per struct: options that it does not have, values
 * of the wrong type, and what is missing, each refused by a sentence. What is read is a copy, so that a list or map that the
 * caller changes afterwards changes nothing.
 */
import type { Duration, Size } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { closest, listOf } from '../../syntax/wording';
import { complaintAboutText } from '../../syntax/yaml-text';
import { isDuration } from './check-argument';
import { placeOf, show } from './refuse';

/** What an option holds: says what is wrong with a value, and copies one that is right. */
export interface Kind<T> {
  complaint(value: unknown): Complaint | undefined;
  copy(value: T): T;
  /** What is said where the option is missing; undefined for one that may be. */
  readonly missing?: string;
}

/** What is wrong, and where below the value that was asked about. */
export interface Complaint {
  readonly below: string;
  /** The sentence, given the place in full. */
  readonly says: (place: string) => string;
}

/** A kind of whatever type. */
type AnyKind = Kind<never>;

/** A kind for every option that a T may have. With one missing, this does not compile. */
export type FieldsOf<T> = { readonly [field in keyof Required<T>]: Kind<NonNullable<T[field]>> };

/** The options that a T has. */
export class Struct<T extends object> implements Kind<T> {
  private readonly kinds: ReadonlyMap<string, AnyKind>;
  /** The options that have to be there, and their kinds. */
  private readonly required: readonly [name: string, kind: AnyKind][];

  /**
   * @param example Something to write, as in `{ port: 80 }`.
   * @param fields What each option holds.
   */
  public constructor(
    private readonly example: string,
    fields: FieldsOf<T>,
  ) {
    const kinds = Object.entries<AnyKind>(fields as object as { readonly [name: string]: AnyKind });
    this.kinds = new Map(kinds);
    this.required = kinds.filter(([, kind]) => kind.missing !== undefined);
  }

  /**
   * A copy of the options.
   *
   * @param where The construct that they are for, or the factory, as in `HealthCheck.http`.
   * @param what What they are called: '' for the options of a constructor or factory, else as in `gatewayOptions`.
   * @throws Error on the first option that is wrong.
   */
  public read(where: IConstruct | string, what: string, given: T): T {
    const complaint = this.complaint(given);
    if (complaint !== undefined) {
      throw new Error(sentence(where, what, complaint));
    }
    return this.copy(given);
  }

  public complaint(given: unknown): Complaint | undefined {
    if (!isPlain(given)) {
      return wrong(given, `is not an object of options; write something like ${this.example}`);
    }
    // What is given, and not all that may be: that is little as a rule, and there is much.
    for (const name in given) {
      const kind = this.kinds.get(name);
      if (kind === undefined) {
        return this.unknown(name);
      }
      const value = given[name];
      const complaint = value === undefined ? undefined : kind.complaint(value);
      if (complaint !== undefined) {
        return under(name, complaint);
      }
    }
    for (const [name, kind] of this.required) {
      const complaint = given[name] === undefined ? missing(kind) : undefined;
      if (complaint !== undefined) {
        return under(name, complaint);
      }
    }
    return undefined;
  }

  public copy(given: T): T {
    const copied: { [name: string]: unknown } = {};
    for (const name in given) {
      const value = given[name];
      if (value !== undefined) {
        copied[name] = this.kinds.get(name)?.copy(value as never);
      }
    }
    return copied as T;
  }

  private unknown(name: string): Complaint {
    const names = [...this.kinds.keys()];
    const near = closest(name, names);
    const help =
      near === undefined ? `the options are ${listOf(names, 'and', names.length)}.` : `did you mean ${show(near)}?`;
    return under(name, { below: '', says: (place) => `option ${show(place)} is not known; ${help}` });
  }
}

/** Text, the empty one too, but none that a reader of YAML would not read as it is. */
export const text: Kind<string> = checked(complaintAboutText);

/** `true` or `false`. */
export const flag: Kind<boolean> = checked((value) =>
  typeof value === 'boolean' ? undefined : 'is neither true nor false; write one of them, without quotes',
);

/** A number; its range is for whoever knows what it counts. */
export const number: Kind<number> = checked((value) =>
  typeof value === 'number' ? undefined : `is not a number${isNumeric(value) ? '; write it without quotes' : ''}`,
);

/** A Duration of any install of cdk8s; its range is for whoever knows what it measures. */
export const duration: Kind<Duration> = made<Duration>(isDuration, 'Duration.seconds(5)');

/** A Size of any install of cdk8s. */
export const size: Kind<Size> = made<Size>((value) => typeof value?.toKibibytes === 'function', 'Size.mebibytes(128)');

/** A value of which `says` knows what is wrong with it, as the end of a sentence that begins with the value. */
export function checked<T>(says: (value: T) => string | undefined): Kind<T> {
  return {
    complaint(value) {
      const complaint = says(value as T);
      return complaint === undefined ? undefined : wrong(value, complaint);
    },
    copy: (value) => value,
  };
}

/** Whatever is there, as it is: for what has a type of its own, which `isOne` recognizes. */
export function made<T>(isOne: (value: T) => boolean, example: string): Kind<T> {
  return checked((value) => (isOne(value) ? undefined : `is of the wrong kind; write something like ${example}`));
}

/** One of an enum's values. */
export function oneOf<T extends string>(values: { readonly [name: string]: T }): Kind<T> {
  const known: readonly unknown[] = Object.values(values);
  return checked((value) =>
    known.includes(value) ? undefined : `must be ${listOf(known.map(show), 'or', known.length)}`,
  );
}

/** A list of such values. */
export function list<T>(kind: Kind<T>, example: string): Kind<T[]> {
  return {
    complaint(value) {
      if (!Array.isArray(value)) {
        return wrong(value, `is not a list; write it as in ${example}`);
      }
      for (const [index, item] of value.entries()) {
        const complaint = kind.complaint(item);
        if (complaint !== undefined) {
          return under(`[${index}]`, complaint);
        }
      }
      return undefined;
    },
    copy: (value) => value.map((item) => kind.copy(item)),
  };
}

/** A map of such values by name. */
export function map<T>(kind: Kind<T>, example: string): Kind<{ readonly [key: string]: T }> {
  return {
    complaint(value) {
      if (!isPlain(value)) {
        return wrong(value, `is not a map; write it as in ${example}`);
      }
      for (const [key, item] of Object.entries(value)) {
        const complaint = text.complaint(key) ?? kind.complaint(item);
        if (complaint !== undefined) {
          return under(`[${show(key)}]`, complaint);
        }
      }
      return undefined;
    },
    // Every key becomes one of the copy's own, even '__proto__'.
    copy: (value) => Object.fromEntries(Object.entries(value).map(([key, item]) => [key, kind.copy(item)])),
  };
}

/** A struct that is made only later, for structs that hold each other. */
export function later<T extends object>(struct: () => Struct<T>): Kind<T> {
  return { complaint: (value) => struct().complaint(value), copy: (value) => struct().copy(value) };
}

/** What has to be there; `says` ends the sentence about one that is not. */
export function required<T>(kind: Kind<T>, says: string): Kind<T> {
  return { ...kind, complaint: (value) => kind.complaint(value), copy: (value) => kind.copy(value), missing: says };
}

/** The sentence about a value of an argument, for callers that read no struct. */
export function refuseWrong<T>(where: IConstruct | string, what: string, value: unknown, kind: Kind<T>): void {
  const complaint = value === undefined ? missing(kind) : kind.complaint(value);
  if (complaint !== undefined) {
    throw new Error(sentence(where, what, complaint));
  }
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value));
}

function missing({ missing: says }: Pick<AnyKind, 'missing'>): Complaint | undefined {
  return says === undefined ? undefined : { below: '', says: (place) => `${place} is missing; ${says}.` };
}

function wrong(value: unknown, says: string): Complaint {
  return { below: '', says: (place) => `${place} ${show(value)} ${says}.` };
}

function under(name: string, complaint: Complaint): Complaint {
  return { ...complaint, below: joined(name, complaint.below) };
}

function joined(above: string, below: string): string {
  return above === '' || below === '' || below.startsWith('[') ? above + below : `${above}.${below}`;
}

function sentence(where: IConstruct | string, what: string, { below, says }: Complaint): string {
  return `${placeOf(where)}: ${says(joined(what, below) || 'the argument')}`;
}

/** Whether `value` is an object of no class: what a literal makes, or JSON. */
export function isPlain(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
