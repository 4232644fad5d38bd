/*
 * The part of OpenAPI that the schemas of Istio's kinds use, and what in an object goes against it.
 *
 * Not a general validator: those compile a schema into code first, which for these takes longer than everything else that a
 * check does. `null` is never complained about, since Kubernetes treats it as absent.
 */

import type { Node } from '../../mesh/node';
import { parseDuration } from '../../syntax/duration';

export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: { readonly [name: string]: Schema };
  /** False where no other field than `properties` is allowed. */
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  /** Here always: at most one of some fields. */
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface Complaint {
  readonly kind: 'unknown' | 'mistyped';
  readonly path: string;
  /** The value, and what was expected, as the end of a sentence that begins with the path. */
  readonly text: string;
  /** Of an unknown field: its name, and the names that are known there. */
  readonly name?: string;
  readonly known?: readonly string[];
  /** The required field that `path` has not. */
  readonly missing?: string;
  /** Of a value: those that are allowed. */
  readonly allowed?: readonly string[];
}

/** Everything in the value at `node` that `schema` does not allow, in the order in which it is written. */
export function complaints(node: Node, schema: Schema): readonly Complaint[] {
  const found: Found[] = [];
  validate(node.value, { key: '' }, schema, found);
  return found.map(({ place, ...complaint }) => ({ ...complaint, path: nodeAt(node, place).path }));
}

/** Where a value stands, from the inside out: nearly all values are in order, and need no path. */
interface Place {
  readonly key: string | number;
  readonly parent?: Place;
}

type Found = Omit<Complaint, 'path'> & { readonly place: Place };
type Fields = { readonly [name: string]: unknown };

function nodeAt(root: Node, { key, parent }: Place): Node {
  if (parent === undefined) {
    return root;
  }
  const outer = nodeAt(root, parent);
  return typeof key === 'number' ? outer.items()[key] : outer.get(key);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function validate(value: unknown, place: Place, schema: Schema, found: Found[]): void {
  if (!isPresent(value)) {
    return;
  }
  const wrongType = complaintAboutType(value, schema.type);
  if (wrongType !== undefined) {
    found.push({ kind: 'mistyped', place, text: wrongType });
  } else if (Array.isArray(value)) {
    validateList(value, place, schema, found);
  } else if (typeof value === 'object') {
    validateMap(value as Fields, place, schema, found);
  } else {
    validateScalar(value, place, schema, found);
  }
}

function complaintAboutType(value: unknown, type: Schema['type']): string | undefined {
  const actual = Array.isArray(value) ? 'array' : typeof value;
  const fits = type === undefined || actual === type || (type === 'integer' && Number.isInteger(value));
  return fits ? undefined : `is ${describe(value)} where ${TYPE_NAMES[type]} is expected`;
}

const TYPE_NAMES = {
  object: 'a map',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
    case 'object':
      return Array.isArray(value) ? 'a list' : 'a map';
    default:
      return `the ${typeof value === 'number' ? 'number' : 'word'} ${String(value)}`;
  }
}

function validateList(list: readonly unknown[], place: Place, schema: Schema, found: Found[]): void {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items } = schema;
  if (list.length < minItems || list.length > maxItems) {
    const bounds = list.length < minItems ? `at least ${minItems}` : `at most ${maxItems}`;
    found.push({ kind: 'mistyped', place, text: `has ${list.length} entries, and ${bounds} are allowed` });
  }
  if (items !== undefined) {
    list.forEach((item, key) => {
      validate(item, { key, parent: place }, items, found);
    });
  }
}

function validateMap(map: Fields, place: Place, schema: Schema, found: Found[]): void {
  const { properties = {}, additionalProperties = true, required = [] } = schema;
  for (const name of Object.keys(map)) {
    const inner = { key: name, parent: place };
    if (Object.hasOwn(properties, name)) {
      validate(map[name], inner, properties[name], found);
    } else if (typeof additionalProperties === 'object') {
      validate(map[name], inner, additionalProperties, found);
    } else if (!additionalProperties) {
      found.push({
        kind: 'unknown',
        place: inner,
        text: 'is no field of Istio’s',
        name,
        known: Object.keys(properties),
      });
    }
  }
  const has = (name: string) => Object.hasOwn(map, name) && isPresent(map[name]);
  for (const name of required.filter((field) => !has(field))) {
    found.push({ kind: 'mistyped', place, text: `has no '${name}', which is required`, missing: name });
  }
  for (const alternatives of [schema.oneOf, ...(schema.allOf ?? []).map(({ oneOf }) => oneOf)]) {
    const chosen = (alternatives ?? []).flatMap((alternative) => alternative.required ?? []).filter(has);
    if (chosen.length > 1) {
      const text = `has ${chosen.map((name) => `'${name}'`).join(' and ')}, of which only one is allowed`;
      found.push({ kind: 'mistyped', place, text });
    }
  }
}

function validateScalar(value: unknown, place: Place, schema: Schema, found: Found[]): void {
  const mistyped = (text: string, allowed?: readonly string[]) =>
    found.push({ kind: 'mistyped', place, text, allowed });
  if (schema.enum !== undefined && !schema.enum.includes(value as string)) {
    mistyped(`is ${describe(value)}, which is not one of the words allowed there`, schema.enum);
  }
  if (schema.format === 'duration' && typeof value === 'string') {
    const complaint = complaintAboutDuration(value);
    if (complaint !== undefined) {
      mistyped(complaint);
    }
  }
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (typeof value === 'number' && (value < minimum || value > maximum)) {
    mistyped(
      `is ${value}, and ${value < minimum ? `the least allowed is ${minimum}` : `the most allowed is ${maximum}`}`,
    );
  }
}

function complaintAboutDuration(text: string): string | undefined {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) {
    return `is '${text}', which is not a duration such as 5s or 250ms`;
  }
  return milliseconds < 1 ? `is '${text}', which is shorter than 1ms` : undefined;
}
