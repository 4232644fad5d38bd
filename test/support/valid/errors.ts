/*
 * What a schema finds wrong, in words.
 */
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Schema } from '../../../scripts/schema';
import { at, type Complaint } from './complaint';
import { duplicates } from './validator';

export function complaintsOf(validate: ValidateFunction, manifest: object): Complaint[] {
  validate(manifest);
  // What is wrong with each alternative is only noise beside the complaint that none of them fits.
  const errors = (validate.errors ?? []).filter(({ schemaPath }) => !/\/(oneOf|anyOf)\/\d/.test(schemaPath));
  return errors.map((error) => {
    const path = pathOf(error.instancePath, manifest);
    const field = error.params.additionalProperty ?? error.params.missingProperty;
    return { path: field === undefined ? path : at(path, field), wrong: inWords(error) };
  });
}

/** A JSON pointer as a path. */
function pathOf(pointer: string, manifest: unknown): string {
  let path = '';
  let value = manifest as { [step: string]: unknown };
  for (const escaped of pointer.split('/').slice(1)) {
    const step = escaped.replace(/~1/g, '/').replace(/~0/g, '~');
    path = at(path, Array.isArray(value) ? Number(step) : step);
    value = value[step] as { [step: string]: unknown };
  }
  return path;
}

function inWords({ keyword, params, schema, data, message }: ErrorObject): string {
  switch (keyword) {
    case 'additionalProperties':
      return 'is not a field that exists';
    case 'required':
      return 'is missing';
    case 'type':
      return `is ${JSON.stringify(data)}, and must be of type ${params.type}`;
    case 'enum':
      return `is ${JSON.stringify(data)}, and must be one of ${params.allowedValues.join(', ')}`;
    case 'format':
      return `is ${JSON.stringify(data)}, which is not of the format ${params.format}`;
    case 'x-kubernetes-list-map-keys':
      return `has more than one item with ${duplicates(schema as string[], data as object[]).join(' and with ')}`;
    case 'oneOf':
      return noneFits(schema as Schema[], data);
    default:
      return `${message}`;
  }
}

/** A oneOf lists either types, or fields of which an object may have one. */
function noneFits(alternatives: readonly Schema[], data: unknown): string {
  const types = alternatives.flatMap(({ type }) => type ?? []);
  if (types.length > 0) {
    return `is ${JSON.stringify(data)}, and must be a valid ${types.join(' or ')}`;
  }
  return `may have only one of ${alternatives.flatMap(({ required }) => required ?? []).join(', ')}`;
}
