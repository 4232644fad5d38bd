/*
 * What in an object goes against the schema of its kind.
 *
 * Not a general validator: those compile a schema into code first, which for these takes longer than everything else that a
 * check does. `null` as the value of a field is as good as none to Kubernetes, and of kind 'null' where what is left says something else.
 */

import type { Node } from '../manifests/node';
import type { Complaint, Schema } from './complaint';
import { complaintsAboutScalar, describe, helpAboutBounds } from './scalar';

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
    for (const complaint of complaintsAboutScalar(value, schema)) {
      found.push({ kind: 'mistyped', place, ...complaint });
    }
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

function validateList(list: readonly unknown[], place: Place, schema: Schema, found: Found[]): void {
  const { minItems, maxItems, items } = schema;
  validateCount(list.length, minItems, maxItems, place, found);
  validateKeys(list, place, schema, found);
  if (items !== undefined) {
    list.forEach((item, key) => {
      const inner = { key, parent: place };
      if (isPresent(item)) {
        validate(item, inner, items, found);
      } else if (items.type !== undefined && schema.nullItems !== true) {
        const text = `is empty where ${TYPE_NAMES[items.type]} is expected`;
        found.push({ kind: 'mistyped', place: inner, text, help: 'Write one, or take it out of the list.' });
      }
    });
  }
}

function validateCount(count: number, least = 0, most = count, place: Place, found: Found[]): void {
  if (count < least || count > most) {
    const text = `has ${count} entries, which is too ${count < least ? 'few' : 'many'}`;
    found.push({ kind: 'mistyped', place, text, help: helpAboutBounds(count, least, most) });
  }
}

/** Where a list is a map by some fields of its items, the API server wants each key once. */
function validateKeys(list: readonly unknown[], place: Place, schema: Schema, found: Found[]): void {
  const names = schema['x-kubernetes-list-map-keys'];
  if (names === undefined) {
    return;
  }
  const seen = new Map<string, number>();
  list.forEach((item, index) => {
    const values = names.map((name) => (item as Fields | null)?.[name]);
    if (values.some((value) => typeof value === 'object' && value !== null)) {
      return;
    }
    const key = JSON.stringify(values);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, index);
    } else {
      const fields = names.map((name) => `'${name}'`).join(' and ');
      const text = `has the same ${fields} as entry ${first} of the list, where each may be there once`;
      found.push({ kind: 'mistyped', place: { key: index, parent: place }, text, help: 'Take one out.' });
    }
  });
}

/** An entry under a name of the author's own, one of several forms of a value, or what a value is compared with. */
function leavesSomethingElse(name: string, { properties = {}, additionalProperties, oneOf }: Schema): boolean {
  return Object.hasOwn(properties, name)
    ? oneOf !== undefined || properties[name].properties?.exact !== undefined
    : typeof additionalProperties === 'object';
}

function validateMap(map: Fields, place: Place, schema: Schema, found: Found[]): void {
  const { properties = {}, additionalProperties = true, required = [], minProperties, maxProperties } = schema;
  if (minProperties !== undefined || maxProperties !== undefined) {
    validateCount(Object.keys(map).length, minProperties, maxProperties, place, found);
  }
  for (const name of Object.keys(map)) {
    const inner = { key: name, parent: place };
    if (map[name] === null && leavesSomethingElse(name, schema)) {
      found.push({ kind: 'null', place: inner, text: 'is null' });
    } else if (Object.hasOwn(properties, name)) {
      validate(map[name], inner, properties[name], found);
    } else if (typeof additionalProperties === 'object') {
      validate(map[name], inner, additionalProperties, found);
    } else if (!additionalProperties) {
      found.push({
        kind: 'unknown',
        place: inner,
        text: 'is not an Istio field',
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
      found.push({ kind: 'mistyped', place, text, help: 'Keep one of them.' });
    }
  }
}
