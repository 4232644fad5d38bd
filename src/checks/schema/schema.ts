/*
 * The part of OpenAPI that the schemas of Istio's kinds use, and what in an object goes against it.
 *
 * Not a general validator: those compile a schema into code first, which for these takes longer than everything else that a
 * check does. `null` is never complained about, since Kubernetes treats it as absent.
 */

import type { Node } from '../../mesh/node';
import { parseDuration } from './duration';

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
  /** Of a value: those that are allowed. */
  readonly allowed?: readonly string[];
}

/** Everything in the value at `node` that `schema` does not allow, in the order in which it is written. */
export function complaints(node: Node, schema: Schema): readonly Complaint[] {
  const found: Complaint[] = [];
  validate(node, schema, found);
  return found;
}

function validate(node: Node, schema: Schema, found: Complaint[]): void {
  if (!node.present) {
    return;
  }
  const wrongType = complaintAboutType(node.value, schema.type);
  if (wrongType !== undefined) {
    found.push({ kind: 'mistyped', path: node.path, text: wrongType });
    return;
  }
  if (Array.isArray(node.value)) {
    validateList(node, schema, found);
  } else if (typeof node.value === 'object') {
    validateMap(node, schema, found);
  } else {
    validateScalar(node, schema, found);
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

function validateList(node: Node, schema: Schema, found: Complaint[]): void {
  const items = node.items();
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  if (items.length < minItems || items.length > maxItems) {
    const bounds = items.length < minItems ? `at least ${minItems}` : `at most ${maxItems}`;
    found.push({ kind: 'mistyped', path: node.path, text: `has ${items.length} entries, and ${bounds} are allowed` });
  }
  for (const item of schema.items === undefined ? [] : items) {
    validate(item, schema.items as Schema, found);
  }
}

function validateMap(node: Node, schema: Schema, found: Complaint[]): void {
  const { properties = {}, additionalProperties = true, required = [] } = schema;
  for (const [name, field] of node.entries()) {
    if (Object.hasOwn(properties, name)) {
      validate(field, properties[name], found);
    } else if (typeof additionalProperties === 'object') {
      validate(field, additionalProperties, found);
    } else if (!additionalProperties) {
      const known = Object.keys(properties);
      found.push({ kind: 'unknown', path: field.path, text: 'is no field of Istio’s', name, known });
    }
  }
  for (const name of required.filter((field) => !node.get(field).present)) {
    found.push({ kind: 'mistyped', path: node.path, text: `has no '${name}', which is required` });
  }
  for (const alternatives of [schema.oneOf, ...(schema.allOf ?? []).map(({ oneOf }) => oneOf)]) {
    const names = (alternatives ?? []).flatMap((alternative) => alternative.required ?? []);
    const chosen = names.filter((name) => node.get(name).present);
    if (chosen.length > 1) {
      const text = `has ${chosen.map((name) => `'${name}'`).join(' and ')}, of which only one is allowed`;
      found.push({ kind: 'mistyped', path: node.path, text });
    }
  }
}

function validateScalar(node: Node, schema: Schema, found: Complaint[]): void {
  const { value, path } = node;
  const mistyped = (text: string, allowed?: readonly string[]) => found.push({ kind: 'mistyped', path, text, allowed });
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
