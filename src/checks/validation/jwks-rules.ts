/*
 * Rules for keys that are written into a RequestAuthentication (`jwk.Parse`, `warnPrivateJwksKeys`). What a key may have besides
 * itself, such as certificates, is not looked at.
 */

import type { Node } from '../../manifests/node';
import { scalarText } from '../../syntax/scalar-text';
import { textOf } from './conditions';
import { NOTHING, type Refusal, refuse, warn } from './refusal';

const AS_PUBLISHED = 'Write the set of keys as the issuer publishes it: \'{"keys": […]}\'.';

type Fields = { readonly [name: string]: unknown };

export function jwks(node: Node): readonly Refusal[] {
  const text = textOf(node);
  if (text === undefined) {
    return NOTHING;
  }
  const set = parsed(text);
  if (set === undefined) {
    return refuse(node, 'jwks is not JSON', AS_PUBLISHED);
  }
  const keys = keysOf(set);
  if (keys === undefined) {
    return refuse(node, 'jwks is not a set of keys', AS_PUBLISHED);
  }
  const complaint = keys.map(complaintAbout).find((each) => each !== undefined);
  if (complaint !== undefined) {
    return refuse(node, `In jwks, ${complaint}`, AS_PUBLISHED);
  }
  return keys.some(isPrivate)
    ? warn(node, 'jwks has a private key, and Istio uses only its public part', 'Write only the public key.')
    : NOTHING;
}

/** What follows the set, Istio does not read. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.slice(0, text.lastIndexOf('}') + 1) || text);
  } catch {
    return undefined;
  }
}

/** Without `keys`, the whole is one key. */
function keysOf(set: unknown): readonly unknown[] | undefined {
  if (!isMap(set)) {
    return undefined;
  }
  const { keys = [set] } = set;
  return keys === null ? [] : Array.isArray(keys) ? keys : undefined;
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** By its type, what a key is made of; all but the curve in base64. */
const PARTS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['RSA', ['n', 'e']],
  ['EC', ['crv', 'x', 'y']],
  ['OKP', ['crv', 'x']],
  ['oct', ['k']],
]);

/** The one alphabet or the other. */
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

function complaintAbout(key: unknown, index: number): string | undefined {
  const parts = isMap(key) ? PARTS.get(key.kty) : undefined;
  if (!isMap(key) || parts === undefined) {
    return `key ${index} has no type: a 'kty' of ${[...PARTS.keys()].join(', ')}`;
  }
  const missing = parts.find((name) => key[name] === undefined);
  if (missing !== undefined) {
    return `key ${index} has no '${missing}', which a key of type ${scalarText(key.kty)} needs`;
  }
  const wrong = parts.find((name) => name !== 'crv' && !BASE64.test(scalarText(key[name])));
  return wrong === undefined ? undefined : `'${wrong}' of key ${index} is not base64`;
}

function isPrivate(key: unknown): boolean {
  return isMap(key) && (key.kty === 'oct' || key.d !== undefined);
}
