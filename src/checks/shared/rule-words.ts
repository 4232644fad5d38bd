/*
 * Rules, matches and example requests in words.
 */

import { nameOf } from '../../manifests/object';
import type { HttpMatch, HttpRoute } from '../../model/http-route';
import { MESH_GATEWAY } from '../../model/naming';
import type { VirtualService } from '../../model/virtual-service';
import type { Condition } from '../../predicate/match/condition';
import { conditionsOf } from '../../predicate/match/conditions';
import { proxyInWords } from '../../predicate/match/origin';
import { valueInWords } from '../../predicate/match/value';
import type { Example } from '../../predicate/solver';
import { listOf } from '../../syntax/wording';
import type { RuleMatch } from './rule-table';

/** `uri prefix /api and header x-version exact v2`. */
export function matchInWords(match: HttpMatch | undefined): string {
  const conditions = match === undefined ? [] : partsInWords(match);
  return conditions.length === 0 ? 'every request' : listOf(conditions);
}

/** What each field is called, in front of the name if it has one of its own. */
const CALLED: ReadonlyMap<Condition['field'], string> = new Map([
  ['headers', 'header '],
  ['withoutHeaders', 'no header '],
  ['queryParams', 'query parameter '],
]);

function partsInWords(match: HttpMatch): readonly string[] {
  const conditions = conditionsOf(match).map(
    ({ field, ignoresCase, name, value }) =>
      `${CALLED.get(field) ?? ''}${name} ${valueInWords(value)}${ignoresCase === true ? ' in any case' : ''}`,
  );
  return [...conditions, ...proxyInWords(match)];
}

/** Where a match stands, as seen from a finding in `home`: `spec.http[0]`, with the object where it is another one. */
export function placeOf({ object, path }: Pick<RuleMatch, 'object' | 'path'>, home: object): string {
  return object === home ? path : `${path} of ${nameOf(object)}`;
}

/** What a rule does, as the end of `requests are …`: `sent to apis, subset v2`. */
export function actionInWords({ destinations, redirect, directResponse }: HttpRoute): string {
  if (redirect !== undefined) {
    return 'redirected';
  }
  if (directResponse !== undefined) {
    return `answered with ${directResponse.status}`;
  }
  const targets = destinations.map(({ destination: { writtenHost, subset } }) =>
    subset === undefined ? writtenHost : `${writtenHost}, subset ${subset}`,
  );
  return targets.length === 0 ? 'dropped' : `sent to ${listOf([...new Set(targets)], 'or')}`;
}

/** A request to a VirtualService that one could type: `GET http://apis.example.com/ without the header x-version`. */
export function exampleInWords(example: Example, { hosts, boundTo }: VirtualService): string {
  const at = (subject: string, otherwise: string) => example.get(subject) ?? otherwise;
  const port = example.get('port');
  const query: string[] = [];
  const rest: string[] = [];
  for (const [subject, value] of example) {
    const [kind, name] = subject.split(/ (.*)/);
    if (kind === 'header') {
      rest.push(value === undefined ? `without the header ${name}` : `with the header '${name}: ${value}'`);
    } else if (kind === 'query') {
      query.push(...(value === undefined ? [] : [`${name}=${value}`]));
    } else if (kind === 'label' || kind === 'namespace') {
      rest.push(originInWords(kind, name, value));
    } else if (kind === 'gateway' && value !== MESH_GATEWAY && boundTo.length > 1) {
      rest.push(`on gateway ${value}`);
    }
  }
  const authority = at('authority', hosts[0].written.replace('*', 'x'));
  const url = `${at('scheme', 'http')}://${authority}${port === undefined || authority.includes(':') ? '' : `:${port}`}`;
  const search = query.length === 0 ? '' : `?${query.join('&')}`;
  return [`${at('method', 'GET')} ${url}${at('uri', '/')}${search}`, ...rest].join(' ');
}

function originInWords(kind: string, name: string, value: string | undefined): string {
  if (kind === 'namespace') {
    return `from namespace ${value}`;
  }
  return value === undefined ? `from a pod without the label ${name}` : `from a pod with ${name}=${value}`;
}
