import { Severity } from '../../src/checks/finding';
import { separateMatchesAreOr } from '../../src/checks/rules/separate-matches-are-or';
import { describeCheck } from './cases';
import { type Manifest, routeTo, virtualService } from './manifests';

function items(...match: object[]): Manifest[] {
  return [virtualService('apis', { hosts: ['apis'], http: [{ match, ...routeTo('apis') }] })];
}

const V2 = { headers: { 'x-version': { exact: 'v2' } } };

describeCheck(separateMatchesAreOr, {
  silent: {
    'one item': items({ ...V2, uri: { prefix: '/' } }),
    'neither makes the other superfluous': items(V2, { uri: { prefix: '/api' } }),
    'two paths, the second wider': items({ uri: { exact: '/a' } }, { uri: { prefix: '/' } }),
    'two headers': items(V2, { headers: { 'x-beta': {} } }),
    'items for different ports': items({ ...V2, port: 80 }, { uri: { prefix: '/' }, port: 443 }),
    'an empty item': items(V2, {}),
  },
  found: {
    'the wide item below': [
      items(V2, { uri: { prefix: '/' } }),
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].match[0]',
        words: ['spec.http[0].match[1] (uri prefix /)', 'one item'],
      },
    ],
    'the wide item above': [items({ uri: { regex: '.*' } }, V2), { path: 'spec.http[0].match[1]' }],
    'a scheme that every request has': [items(V2, { scheme: { regex: 'https?' } }), { path: 'spec.http[0].match[0]' }],
  },
});
