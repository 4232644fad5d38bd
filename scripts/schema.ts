/*
 * A published schema is mostly prose, and lets unknown fields pass. What the project keeps of it is what a machine can
 * hold an object against.
 */

/** An OpenAPI v3 schema, as Kubernetes and its CRDs publish them. */
export type Schema = { [keyword: string]: unknown };
export type Schemas = { [name: string]: Schema };

const FACTS = [
  ...['$ref', 'type', 'format', 'enum', 'pattern', 'nullable', 'required'],
  ...['properties', 'additionalProperties', 'items', 'allOf', 'anyOf', 'oneOf', 'not'],
  ...['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
  ...['x-kubernetes-list-map-keys', 'x-kubernetes-int-or-string', 'x-kubernetes-preserve-unknown-fields'],
];

/** Known, and left out: prose, and what says how a server stores, merges or completes an object. */
const REST = [
  ...['description', 'default'],
  ...['x-kubernetes-group-version-kind', 'x-kubernetes-list-type', 'x-kubernetes-map-type', 'x-kubernetes-unions'],
  ...['x-kubernetes-patch-merge-key', 'x-kubernetes-patch-strategy'],
];

/**
 * Rules in CEL are code, so they are left out too, but for those which a keyword says as well. Most of the others repeat what Istio's
 * webhook refuses, which src/checks/validation says.
 */
const CEL = 'x-kubernetes-validations';
const CEL_AS_KEYWORDS = new Map<string, Schema>([
  ["duration(self) >= duration('1ms')", { format: 'duration' }],
  atMostOneOf('jwksUri', 'jwks_uri', 'jwks'),
  atMostOneOf('workloadSelector', 'targetRefs'),
]);

/** A rule in CEL that allows one of some fields, and the keyword. */
function atMostOneOf(...fields: readonly string[]): [rule: string, Schema] {
  const required = fields.map((field) => ({ required: [field] }));
  const rule = `${fields.map((field) => `(has(self.${field}) ? 1 : 0)`).join(' + ')} <= 1`;
  return [rule, { oneOf: [{ not: { anyOf: required } }, ...required] }];
}

/** `schema` without its prose. Throws on a keyword that it does not know, since either guess about it could be wrong. */
export function factsOf(schema: Schema): Schema {
  const facts: Schema = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (FACTS.includes(keyword)) {
      facts[keyword] = value;
    } else if (keyword === CEL) {
      Object.assign(facts, ...(value as { rule: string }[]).map(({ rule }) => CEL_AS_KEYWORDS.get(rule)));
    } else if (!REST.includes(keyword)) {
      throw new Error(`The schema has a keyword '${keyword}'. Say in scripts/schema.ts whether it is a fact.`);
    }
  }
  return mapAlternatives(mapStructure(facts, factsOf), factsOf);
}

/** `schema` with no field allowed but those that it lists, wherever it lists any and says nothing of others. */
export function strict(schema: Schema): Schema {
  const open =
    schema.properties === undefined ||
    schema.additionalProperties !== undefined ||
    schema['x-kubernetes-preserve-unknown-fields'] === true;
  return mapStructure(open ? schema : { ...schema, additionalProperties: false }, strict);
}

/** `schema` with `change` applied to the schemas of its fields and items. */
export function mapStructure(schema: Schema, change: (inner: Schema) => Schema): Schema {
  const changed = { ...schema };
  if (schema.properties !== undefined) {
    changed.properties = mapValues(schema.properties as Schemas, change);
  }
  for (const keyword of ['items', 'additionalProperties']) {
    if (typeof schema[keyword] === 'object') {
      changed[keyword] = change(schema[keyword] as Schema);
    }
  }
  return changed;
}

/** `schema` with `change` applied to the schemas that speak of the same value as it does. */
function mapAlternatives(schema: Schema, change: (inner: Schema) => Schema): Schema {
  const changed = { ...schema };
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    if (schema[keyword] !== undefined) {
      changed[keyword] = (schema[keyword] as Schema[]).map(change);
    }
  }
  if (schema.not !== undefined) {
    changed.not = change(schema.not as Schema);
  }
  return changed;
}

export function mapValues<From, To>(
  object: { [key: string]: From },
  change: (value: From) => To,
): { [key: string]: To } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
