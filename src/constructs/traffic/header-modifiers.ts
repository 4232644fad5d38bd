/*
 * Headers that a proxy sets, adds and removes.
 */
import type { VirtualServiceSpecHttpHeaders } from '../../../imports/networking.istio.io';
import { HEADER_NAME, HEADER_VALUE } from '../../syntax/names';
import { isWritableKey } from '../objects/check-argument';
import { show } from '../objects/refuse';
import { type OptionPlace, refuseTogether, within } from './option-place';
import type { DefaultRouteOptions, HeaderModifier } from './route-options';

/** Text as Envoy's formatter reads it, for which '%' begins a variable. */
export function asHeaderValue(text: string): string {
  return text.replaceAll('%', '%%');
}

/** The headers of a route, in the words of Istio. */
export function toHeaders({
  requestHeaders,
  responseHeaders,
}: DefaultRouteOptions): VirtualServiceSpecHttpHeaders | undefined {
  return requestHeaders === undefined && responseHeaders === undefined
    ? undefined
    : { request: toOperations(requestHeaders), response: toOperations(responseHeaders) };
}

function toOperations(modifier: HeaderModifier | undefined): HeaderModifier | undefined {
  return modifier && { set: escaped(modifier.set), add: escaped(modifier.add), remove: modifier.remove };
}

function escaped(headers: HeaderModifier['set']): HeaderModifier['set'] {
  return headers && Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, asHeaderValue(value)]));
}

/** Throws unless Envoy can carry the changes out. */
export function checkHeaders(place: OptionPlace, options: DefaultRouteOptions): void {
  for (const option of ['requestHeaders', 'responseHeaders'] as const) {
    const modifier = options[option];
    if (modifier !== undefined) {
      checkModifier(within(place, option), modifier);
    }
  }
}

function checkModifier(place: OptionPlace, { set = {}, add = {}, remove = [] }: HeaderModifier): void {
  checkNames(within(place, 'set'), Object.keys(set));
  checkNames(within(place, 'add'), Object.keys(add));
  checkNames(within(place, 'remove'), remove);
  checkValues(within(place, 'set'), set);
  checkValues(within(place, 'add'), add);
  const written = new Set([...Object.keys(set), ...Object.keys(add)].map((name) => name.toLowerCase()));
  const both = remove.find((name) => written.has(name.toLowerCase()));
  if (both !== undefined) {
    refuseTogether(place, `header '${both}' is both removed and written; to replace it, only set it`);
  }
  if (written.size === 0 && remove.length === 0) {
    refuseTogether(place, 'nothing is set, added or removed; write what is, or leave it out');
  }
}

function checkNames(place: OptionPlace, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    const lower = name.toLowerCase();
    const complaint = seen.has(lower) ? 'is there twice; names differ by more than case' : complaintAboutName(lower);
    if (complaint !== undefined) {
      refuseTogether(place, `header ${show(name)} ${complaint}`);
    }
    seen.add(lower);
  }
}

function complaintAboutName(name: string): string | undefined {
  if (name === 'host' || name === ':authority') {
    return 'is the host that the app sees, which Istio changes elsewhere; write rewrite.host';
  }
  if (name.startsWith(':')) {
    return 'is a pseudo-header, which no route can change';
  }
  return HEADER_NAME.test(name) && isWritableKey(name)
    ? undefined
    : "is not a header name: letters, digits and !#$%&'*+-.^_`|~, without spaces or ':'";
}

function checkValues(place: OptionPlace, headers: { readonly [name: string]: string }): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_VALUE.test(value)) {
      refuseTogether(
        place,
        value === ''
          ? `the value of header '${name}' is empty, and Envoy drops such a header; to take it away, write remove`
          : `the value ${show(value)} of header '${name}' cannot be sent: HTTP carries printable ASCII, and takes away spaces at the ends`,
      );
    }
  }
}
