/*
 * Rules for the headers that a route or a destination sets, adds and removes.
 */
import type { Node } from '../../manifests/node';
import { complaintAboutHeaderValue } from './header-value';
import { NOTHING, type Refusal, refuse, textOf } from './refusal';

export function headerOperations(owner: Node): readonly Refusal[] {
  const request = owner.get('headers').get('request');
  const response = owner.get('headers').get('response');
  const requestNames = ['set', 'add'].flatMap((kind) => request.get(kind).entries());
  const otherNames = ['set', 'add'].flatMap((kind) => response.get(kind).entries());
  const removed = [...request.get('remove').items(), ...response.get('remove').items()].flatMap((node) =>
    typeof node.value === 'string' ? [[node.value, node] as const] : [],
  );
  return [
    ...requestNames.flatMap(([name, node]) =>
      name === '' || (name.startsWith(':') && !isAuthority(name))
        ? refuse(node, `A request header cannot be called '${name}'`, 'Write the name of a header.')
        : NOTHING,
    ),
    ...[...requestNames, ...otherNames].flatMap(([, node]) => headerValue(node)),
    ...[...otherNames, ...removed].flatMap(([name, node]) =>
      name === '' || name.startsWith(':') || name.toLowerCase() === 'host'
        ? refuse(node, `The header '${name}' cannot be changed here`, 'Write the name of another header.')
        : NOTHING,
    ),
  ];
}

function isAuthority(name: string): boolean {
  return [':authority', 'host'].includes(name.toLowerCase());
}

function headerValue(node: Node): readonly Refusal[] {
  const value = textOf(node) ?? '';
  if (hasControlCharacter(value)) {
    return refuse(node, 'The value of a header contains a control character', 'Write it in one line.');
  }
  const complaint = complaintAboutHeaderValue(value);
  return complaint === undefined
    ? NOTHING
    : refuse(
        node,
        `The value '${value}' of a header ${complaint}`,
        "Write a variable as in %REQ(x-user)%, and '%%' for the sign itself.",
      );
}

function hasControlCharacter(value: string): boolean {
  return [...value].some((character) => (character < ' ' && character !== '\t') || character === '\u007f');
}

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
