/*
 * The part of OpenAPI that the schemas of kinds use, and what is said where an object goes against it.
 */

export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: { readonly [name: string]: Schema };
  /** False where no other field than `properties` is allowed. */
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  /** Whether an item may be null, which in Kubernetes' own kinds is an empty value. */
  readonly nullItems?: boolean;
  /** Here always: at most one of some fields. */
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  /** No two items of a list have the same values in these fields. */
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

export interface Complaint {
  readonly kind: 'unknown' | 'mistyped' | 'null';
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
  /** What to write instead, a sentence, where it takes more to say than the type. */
  readonly help?: string;
}
