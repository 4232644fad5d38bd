/*
 * Rules for the matches of an http route.
 */
import type { Node } from '../../mesh/node';
import { complaintAboutHeaderName, complaintAboutMetadataKey } from '../../syntax/names';
import { label, NOTHING, port, type Refusal, refuse } from './refusal';

export function matches(route: Node): readonly Refusal[] {
  return route.get('match').items().flatMap(match);
}

function match(node: Node): readonly Refusal[] {
  return [
    ...port(node.get('port')),
    ...label(node.get('sourceNamespace'), 'sourceNamespace'),
    ...['scheme', 'method', 'authority'].flatMap((field) => emptyPrefix(node.get(field))),
    ...['headers', 'queryParams'].flatMap((field) =>
      node
        .get(field)
        .entries()
        .flatMap(([, value]) => emptyPrefix(value)),
    ),
    ...['headers', 'withoutHeaders'].flatMap((field) => node.get(field).entries().flatMap(headerName)),
    ...node.get('sourceLabels').entries().flatMap(labelOfPods),
  ];
}

function headerName([name, node]: readonly [string, Node]): readonly Refusal[] {
  // A claim of a token stands in the place of a header, and the status of a response among the pseudo-headers.
  const complaint = isClaim(name) || name === ':status' ? undefined : complaintAboutHeaderName(name);
  return complaint === undefined
    ? NOTHING
    : refuse(node, `The header name '${name}' ${complaint}`, 'Write the name of a header, as in x-version.');
}

/** The claims of a token, read as a header. */
export function isClaim(name: string): boolean {
  return name.startsWith('@request.auth.claims');
}

function emptyPrefix(node: Node): readonly Refusal[] {
  const prefix = node.present && typeof node.value === 'object' ? node.get('prefix') : undefined;
  return prefix?.value === ''
    ? refuse(prefix, 'A prefix here cannot be empty', "Write '{}' to ask only that there is a value.")
    : NOTHING;
}

const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** A label as Istio reads it: its prefix may have capital letters, and its value any length. */
export function labelOfPods([key, node]: readonly [string, Node]): readonly Refusal[] {
  const complaint = complaintAboutMetadataKey(key.toLowerCase());
  if (complaint !== undefined) {
    return refuse(node, `The label '${key}' ${complaint}`, 'Write the key of a label of pods.');
  }
  return typeof node.value !== 'string' || LABEL_VALUE.test(node.value)
    ? NOTHING
    : refuse(
        node,
        `The label ${key} cannot have the value '${node.value}'`,
        "Write letters, digits, '-', '_' and '.'.",
      );
}
