/*
 * Rules for the corsPolicy of an http route (`validateCORSPolicy`).
 */
import type { Node } from '../../manifests/node';
import { parseDuration } from '../../syntax/duration';
import { duration } from './common-rules';
import { saysNone, string } from './conditions';
import { refuseHeaderName } from './header-operation-rules';
import { all, at, NOTHING, type Refusal, type Rule, refuse, refuseIf } from './refusal';

const METHODS = ['*', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'];

// biome-ignore format: a table
export const cors: Rule = all(
  at('allowOrigins[]', refuseIf(saysNone('exact', 'prefix', 'regex'),
    'An origin that CORS allows cannot be empty', "Write 'exact: https://www.example.com', or regex.")),
  at('allowMethods[]', refuseIf(string((value) => !METHODS.includes(value)),
    "'{}' is not a method that CORS can allow", `Write one of ${METHODS.join(', ')}.`)),
  at('allowHeaders[]', headerName),
  at('exposeHeaders[]', headerName),
  at('maxAge',
    duration,
    refuseIf(string((value) => (parseDuration(value) ?? 0) >= 1 && (parseDuration(value) ?? 0) % 1000 !== 0),
      "maxAge '{}' is not in whole seconds", "Write something like '600s'."),
  ),
);

function headerName(node: Node): readonly Refusal[] {
  const { value: name } = node;
  if (typeof name !== 'string') {
    return NOTHING;
  }
  return name.startsWith(':')
    ? refuse(node, `The header name '${name}' is a pseudo-header`, ANY_NAME)
    : refuseHeaderName(node, name, ANY_NAME);
}

const ANY_NAME = "Write the name of a header, or '*' for all.";
