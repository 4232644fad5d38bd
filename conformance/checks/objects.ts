/*
 * Objects of Istio's kinds as Istio's validation may see them: mostly right by their schema, and otherwise wild. Some are made
 * from the schema alone; others are objects in order in which a few things are changed.
 */
import { ISTIO_SPECS } from '../../imports/istio.schema';
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { DURATIONS, FRACTIONS, integersOf, keysOf, METADATA, valuesIn } from './object-values';
import { wordsOf } from './object-words';
import { WHOLE_OBJECTS } from './whole-objects';

/** The part of OpenAPI that the schemas use. */
interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly properties?: { readonly [name: string]: Schema };
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
}

const SCHEMAS = ISTIO_SPECS as { readonly [groupAndKind: string]: Schema };

function schemaOf({ apiVersion, kind }: Manifest): Schema {
  return SCHEMAS[`${apiVersion.split('/')[0]}/${kind}`];
}

/** Kinds and versions, the routes and destinations more often than the rest. */
const KINDS: readonly Manifest[] = [
  ...WHOLE_OBJECTS.filter(({ kind }) => ['VirtualService', 'Gateway', 'DestinationRule'].includes(kind)),
  ...WHOLE_OBJECTS,
];

/** An object whose spec follows its schema, more or less. */
export function makeObject(random: Random): Manifest {
  const model = random.pick(KINDS);
  return {
    apiVersion: model.apiVersion,
    kind: model.kind,
    metadata: { name: random.chance(0.97) ? 'one' : random.pick(['a.b', 'one-two']), namespace: 'apps' },
    spec: value(random, schemaOf(model), 'spec', 0),
  };
}

/** An object in order with nearly all its fields, and most often one change. */
export function nearlyWhole(random: Random): Manifest {
  return mutated(random, random.pick(KINDS), random.chance(0.8) ? 1 : 2);
}

function value(random: Random, schema: Schema, field: string, depth: number): unknown {
  switch (schema.type) {
    case 'object':
      return schema.properties === undefined
        ? map(random, schema, field, depth)
        : fields(random, schema.properties, depth);
    case 'array': {
      const count = random.weighted([
        [1, () => 0],
        [8, () => 1],
        [3, () => 2],
        [1, () => 3],
      ]);
      return Array.from({ length: count }, () => value(random, schema.items ?? {}, field, depth));
    }
    case 'boolean':
      return random.chance(0.5);
    case 'integer':
      return random.pick(integersOf(field));
    case 'number':
      return random.pick(FRACTIONS);
    default:
      return text(random, schema, field);
  }
}

function text(random: Random, schema: Schema, field: string): string {
  if (schema.enum !== undefined) {
    return random.chance(0.97) ? random.pick(schema.enum) : random.pick(['', 'nothing', schema.enum[0].toLowerCase()]);
  }
  return random.pick(schema.format === 'duration' ? DURATIONS : wordsOf(field));
}

function map(random: Random, schema: Schema, field: string, depth: number): object {
  return Object.fromEntries(
    random.some(keysOf(field), random.integer(0, 2)).map((key) => [key, valueInMap(random, schema, field, depth)]),
  );
}

function valueInMap(random: Random, { additionalProperties }: Schema, field: string, depth: number): unknown {
  const of = typeof additionalProperties === 'object' ? additionalProperties : {};
  const texts = valuesIn(field);
  return of.type === 'string' && texts !== undefined ? random.pick(texts) : value(random, of, field, depth + 1);
}

/** Fields without which nearly everything is refused for the same reason. */
const USUAL = new Set(
  ['host', 'hosts', 'http', 'servers', 'port', 'route', 'destination', 'number', 'name', 'protocol', 'selector'].concat(
    ['url', 'address', 'template', 'ports', 'key', 'source', 'operation', 'kind'],
  ),
);

function fields(random: Random, properties: { readonly [name: string]: Schema }, depth: number): object {
  const share = depth === 0 ? 0.25 : 0.8 / Math.sqrt(Object.keys(properties).length);
  const chosen = Object.entries(properties).filter(([name]) =>
    random.chance(USUAL.has(name) ? 0.9 : share / (1 + depth / 4)),
  );
  return Object.fromEntries(chosen.map(([name, schema]) => [name, value(random, schema, name, depth + 1)]));
}

/** The object with one to three things changed. */
export function mutated(random: Random, object: Manifest, changes = random.integer(1, 3)): Manifest {
  let result = object;
  for (let left = changes; left > 0; left--) {
    result = random.chance(0.02)
      ? { ...result, metadata: { ...result.metadata, ...random.pick(METADATA) } }
      : { ...result, spec: changedSomewhere(random, result.spec, schemaOf(object)) };
  }
  return result;
}

/** One value in an object: where it stands, and what its schema is. */
interface Place {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  readonly schema: Schema | undefined;
  /** The name of the field that it, or the list or map around it, is the value of. */
  readonly field: string;
}

function changedSomewhere(random: Random, spec: unknown, schema: Schema): unknown {
  const place = random.pick(placesIn({ path: [], value: spec, schema, field: 'spec' }));
  return replaced(spec, place.path, changed(random, place));
}

function placesIn(place: Place): readonly Place[] {
  return [place, ...partsOf(place).flatMap(placesIn)];
}

function partsOf({ path, value: whole, schema, field }: Place): readonly Place[] {
  if (Array.isArray(whole)) {
    return whole.map((each, index) => ({ path: [...path, index], value: each, schema: schema?.items, field }));
  }
  if (typeof whole !== 'object' || whole === null) {
    return [];
  }
  const inMap = typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  return Object.entries(whole).map(([name, each]) => ({
    path: [...path, name],
    value: each,
    schema: schema?.properties?.[name] ?? inMap,
    field: schema?.properties?.[name] === undefined ? field : name,
  }));
}

function changed(random: Random, place: Place): unknown {
  const { value: old, schema, field } = place;
  if (Array.isArray(old)) {
    return changedList(random, old, schema, field);
  }
  if (typeof old === 'object' && old !== null) {
    return changedMap(random, old as { readonly [name: string]: unknown }, schema, field);
  }
  return schema === undefined ? random.pick(['', 'a', -1, true]) : otherScalar(random, place, schema);
}

function otherScalar(random: Random, { path, field }: Place, schema: Schema): unknown {
  const texts = valuesIn(field);
  const inMapOfTexts = schema.type === 'string' && texts !== undefined && path.at(-1) !== field;
  return inMapOfTexts ? random.pick(texts) : value(random, schema, field, 2);
}

function changedList(random: Random, old: readonly unknown[], schema: Schema | undefined, field: string): unknown {
  const index = random.integer(0, old.length - 1);
  return random.weighted<unknown>([
    [1, () => old.filter((_, other) => other !== index)],
    [2, () => [...old, schema?.items === undefined ? old[index] : value(random, schema.items, field, 2)]],
    [1, () => [...old, ...old.slice(0, 1)]],
    [1, () => [...old].reverse()],
    [0.5, () => []],
    [0.1, () => [...old, null]],
  ]);
}

function changedMap(
  random: Random,
  old: { readonly [name: string]: unknown },
  schema: Schema | undefined,
  field: string,
): unknown {
  const present = Object.keys(old);
  const name = present.length === 0 ? '' : random.pick(present);
  const missing = Object.entries(schema?.properties ?? {}).filter(([other]) => !present.includes(other));
  return random.weighted<unknown>([
    [present.length === 0 ? 0 : 2, () => Object.fromEntries(Object.entries(old).filter(([key]) => key !== name))],
    [missing.length === 0 ? 0 : 4, () => withField(random, old, random.pick(missing))],
    [isOpen(schema) ? 4 : 0, () => withEntry(random, old, schema ?? {}, field)],
    [0.3, () => ({})],
    [0.1, () => ({ ...old, unknownField: 'a' })],
  ]);
}

function isOpen(schema: Schema | undefined): boolean {
  return typeof schema?.additionalProperties === 'object';
}

function withField(random: Random, old: object, [name, schema]: readonly [string, Schema]): object {
  return { ...old, [name]: value(random, schema, name, 2) };
}

function withEntry(random: Random, old: object, schema: Schema, field: string): object {
  return { ...old, [random.pick(keysOf(field))]: valueInMap(random, schema, field, 2) };
}

function replaced(whole: unknown, [first, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (first === undefined) {
    return by;
  }
  if (Array.isArray(whole)) {
    return whole.map((each, index) => (index === first ? replaced(each, rest, by) : each));
  }
  const map = whole as { readonly [name: string]: unknown };
  return { ...map, [first]: replaced(map[first], rest, by) };
}
