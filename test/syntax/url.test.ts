/*
 * What Go's net/url takes for a URL; the conformance run holds the same against Istio itself.
 */
import { parseRequestUrl, parseUrl } from '../../src/syntax/url';

const BOTH = [
  'https://a.example.com:443/keys?a=%zz',
  'https://user:p%41ss@h:1/',
  'http://[::1]:80',
  'http://[fe80::1%25eth0]/',
  'http://a_b~!/',
  'http://%C3%A4/',
  'http:opaque',
  'http:/a',
  'https:///a',
  'file:///a b',
  'https://:80',
  'mongodb://a:1,b:2/',
  '/a',
  '//a',
  '*',
];
const NEITHER = [
  'https://a:b/',
  'https://a:1:2/',
  'https://a b/',
  'https://a/%zz',
  'http://%41',
  'http://[::1',
  'mongodb://a:1,b:x/',
  'http://[10.0.0.1]',
  'http://[fe80::1%en0]/',
  'http://a[::1]/',
  'http://u^er@a/',
  'http://a\x01',
  '/a\x7f',
  ':a',
  '1http://a',
  '1a:80/b',
];

describe('both ways of reading', () => {
  test.each(BOTH)('take %j', (text) => {
    expect([parseUrl(text), parseRequestUrl(text)]).toEqual([expect.anything(), expect.anything()]);
  });

  test.each(NEITHER)('refuse %j', (text) => {
    expect([parseUrl(text), parseRequestUrl(text)]).toEqual([undefined, undefined]);
  });
});

test.each(['a', 'a/b:1', '', '?a'])('only as a reference: %j', (text) => {
  expect([parseUrl(text), parseRequestUrl(text)]).toEqual([{ scheme: '', port: '' }, undefined]);
});

test('a fragment is none of a request', () => {
  expect(parseUrl('/a#%zz')).toBeUndefined();
  expect(parseUrl('http://a#b')).toBeDefined();
  expect(parseRequestUrl('http://a#b')).toBeUndefined();
});

test('scheme and port', () => {
  expect(parseUrl('HTTPS://a.example.com:8443/x:1')).toEqual({ scheme: 'https', port: '8443' });
  expect(parseUrl('http://[::1]:80')).toEqual({ scheme: 'http', port: '80' });
  expect(parseUrl('a:80/b')).toEqual({ scheme: 'a', port: '' });
});
