/*
 * Rules for the headers that a route or a destination sets, adds and removes.
 */
import type { Node } from '../../manifests/node';
import { complaintAboutHeaderName } from '../../syntax/names';
import { text, textOf } from './conditions';
import { complaintAboutHeaderValue } from './header-value';
import { all, at, entries, NOTHING, type Refusal, type Rule, refuse, refuseFor, refuseIf, refuseText } from './refusal';

/** What Istio takes for the name of a header: as RFC 9110 has it, and the comma. */
const HEADER_NAME = /^[!#$%&'*+,\-.^_`|~0-9A-Za-z]+$/;

export function refuseHeaderName(node: Node, name: string, otherwise: string): readonly Refusal[] {
  const complaint = HEADER_NAME.test(name) ? undefined : complaintAboutHeaderName(name);
  return complaint === undefined ? NOTHING : refuseFor(node, `The header name '${name}'`, complaint, otherwise);
}

const requestName = entries((name, node) =>
  name === '' || (name.startsWith(':') && !isAuthority(name))
    ? refuse(node, `A request header cannot be called '${name}'`, 'Write the name of a header.')
    : NOTHING,
);

function isAuthority(name: string): boolean {
  return [':authority', 'host'].includes(name.toLowerCase());
}

function changeable(name: unknown, node: Node): readonly Refusal[] {
  return typeof name === 'string' && (name === '' || name.startsWith(':') || name.toLowerCase() === 'host')
    ? refuse(node, `The header '${name}' cannot be changed here`, 'Write the name of another header.')
    : NOTHING;
}

// biome-ignore format: a table
const headerValue: Rule = all(
  refuseIf(text(hasControlCharacter), 'The value of a header contains a control character', 'Write it in one line.'),
  refuseText((value) => (hasControlCharacter(value) ? undefined : complaintAboutHeaderValue(value)),
    "The header value '{}'", "Write a variable as in %REQ(x-user)%, and '%%' for a literal '%'."),
);

function hasControlCharacter(value: string): boolean {
  return [...value].some((character) => (character < ' ' && character !== '\t') || character === '\u007f');
}

const setAndAdd = (rule: Rule): Rule => all(at('set', rule), at('add', rule));
const values: Rule = all(at('set{}', headerValue), at('add{}', headerValue));
const removed = at('remove[]', (node) => changeable(node.value, node));

export const headerOperations: Rule = at(
  'headers',
  at('request', setAndAdd(requestName), values, removed),
  at('response', values, setAndAdd(entries(changeable)), removed),
);

/** `validateAuthorityRewrite`: an empty text sets nothing. */
export function authorityTwice(route: Node): readonly Refusal[] {
  const request = route.get('headers').get('request');
  const headers = ['set', 'add'].flatMap((kind) => request.get(kind).entries());
  const places = [
    route.get('rewrite').get('authority'),
    ...headers.filter(([name]) => isAuthority(name)).map(([, node]) => node),
  ];
  const first = places.findIndex((node) => textOf(node) !== undefined);
  return first >= 0 && first < places.length - 1
    ? refuse(places[first + 1], 'The authority is set more than once', 'Keep rewrite.authority alone.')
    : NOTHING;
}
