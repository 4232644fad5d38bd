/*
 * Rules for the corsPolicy of an http route (`validateCORSPolicy`).
 */
import type { Node } from '../../manifests/node';
import { parseDuration } from '../../syntax/duration';
import { complaintAboutHeaderName } from '../../syntax/names';
import { scalarText } from '../../syntax/scalar-text';
import { duration, filled, NOTHING, type Refusal, refuse, refuseFor } from './refusal';

const METHODS = ['*', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'];

export function cors(route: Node): readonly Refusal[] {
  const policy = route.get('corsPolicy');
  return [
    ...policy.get('allowOrigins').items().flatMap(origin),
    ...policy.get('allowMethods').items().flatMap(method),
    ...['allowHeaders', 'exposeHeaders'].flatMap((field) => policy.get(field).items().flatMap(headerName)),
    ...duration(policy.get('maxAge')),
    ...wholeSeconds(policy.get('maxAge')),
  ];
}

function origin(node: Node): readonly Refusal[] {
  return node.present && filled(node, 'exact', 'prefix', 'regex').length === 0
    ? refuse(node, 'An origin that CORS allows cannot be empty', "Write 'exact: https://www.example.com', or regex.")
    : NOTHING;
}

function method(node: Node): readonly Refusal[] {
  const { value } = node;
  return typeof value === 'string' && !METHODS.includes(value)
    ? refuse(node, `'${value}' is not a method that CORS can allow`, `Write one of ${METHODS.join(', ')}.`)
    : NOTHING;
}

function headerName(node: Node): readonly Refusal[] {
  const { value } = node;
  const complaint =
    typeof value !== 'string' || /^[!#$%&'*+,\-.^_`|~0-9A-Za-z]+$/.test(value)
      ? undefined
      : value.startsWith(':')
        ? 'is a pseudo-header'
        : complaintAboutHeaderName(value);
  return complaint === undefined
    ? NOTHING
    : refuseFor(
        node,
        `The header name '${scalarText(value)}'`,
        complaint,
        "Write the name of a header, or '*' for all.",
      );
}

function wholeSeconds(node: Node): readonly Refusal[] {
  const milliseconds = typeof node.value === 'string' ? parseDuration(node.value) : undefined;
  return milliseconds !== undefined && milliseconds >= 1 && milliseconds % 1000 !== 0
    ? refuse(node, `maxAge '${scalarText(node.value)}' is not in whole seconds`, "Write something like '600s'.")
    : NOTHING;
}
