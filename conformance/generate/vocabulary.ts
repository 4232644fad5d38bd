/*
 * The words of which meshes and requests are made. Few of each, so that they meet, overlap and almost match.
 */

export const NAMESPACES = ['apps', 'shop', 'istio-system', 'default'] as const;

export const SERVICES = ['web', 'api', 'cart'] as const;

export const VERSIONS = ['v1', 'v2', 'v3'] as const;

/** Hosts of Gateways and VirtualServices, as they are written. */
export const HOSTS = [
  'a.example.com',
  'b.example.com',
  'A.Example.com',
  'deep.a.example.com',
  'example.com',
  '*.example.com',
  '*.a.example.com',
  '*.com',
  '*',
  'a.example.org',
  '10.1.2.3',
] as const;

export const HEADER_NAMES = ['x-version', 'X-User', 'user-agent', 'cookie', 'x-empty', 'accept'] as const;

export const HEADER_VALUES = [
  'v1',
  'v2',
  'V1',
  'v1,v2',
  'v10',
  'beta',
  'Beta',
  'jason',
  'user=jason',
  'a=1; user=jason; b=2',
  'Mozilla/5.0 Chrome/140.0',
  'v1 v2',
  'a%b',
  '~!@#$^&*()_+',
  '',
] as const;

export const REGEXES = [
  'v[0-9]',
  'v1|v2',
  '.*Chrome.*',
  '^v1$',
  '(?i)beta',
  '(?i)V1',
  '^(.*?;\\s*)?(user=jason)(;.*)?$',
  '.+',
  '.*',
  'v.',
  'v1?',
  '[a-z]+',
  '\\w+',
  '\\d*',
  '(v1)|(beta)',
  '[^v].*',
  'a{0,2}.*',
  '\\Qv1\\E',
  '',
] as const;

export const PATHS = [
  '/',
  '/api',
  '/api/',
  '/API',
  '/api/v1',
  '/api/v1/users',
  '/apix',
  '/static',
  '/static/a.css',
  '/a b',
  '/a%20b',
  '/a//b',
  '/über',
  '/a.b',
] as const;

export const PATH_REGEXES = [
  '/api.*',
  '/api',
  '/api/v[0-9]+',
  '/(api|static)(/.*)?',
  '/[^/]*',
  '.*',
  '.*/users',
  '(?i)/API',
  '/a.b',
  '/',
  '/.+',
] as const;

/** Targets that proxies normalise, or do not. */
export const ODD_TARGETS = [
  '//',
  '/./api',
  '/api/../static',
  '/api/.',
  '/api/..',
  '/../api',
  '/api//v1',
  '//api',
  '/api%2Fv1',
  '/%61pi',
  '/api%2e%2e/v1',
  '/api/%2e%2e/static',
  '/api?',
  '/api?v=1',
  '/api?v=1&v=2',
  '/api?V=1',
  '/api?v',
  '/api?v=',
  '/api?a=1&v=1',
  '/api?v=%31',
  '/api?v=1#v',
  '/api#fragment',
  '/?',
  '/?/api',
  '/api;p=1',
  '/api\\v1',
  '/api/v1/',
  '/a%2',
  '/a%zz',
  '/%41',
  '/a+b',
  '/a|b',
  '/a"b',
  '/a<b>',
  '/a{b}',
  '/a^b',
  '/a`b',
  "/a'b",
  '/a~b',
  '/%7e',
  '/%E4%BD',
  '/%c3%bc',
  '/%C3%BC',
  '/a%00b',
  '/a:b@c',
  '/api/v1/..;/x',
  '/...',
  '/api/...',
  '/.api',
  '/api/.././..',
] as const;

export const QUERY_NAMES = ['v', 'V', 'user', 'a'] as const;
export const QUERY_VALUES = ['1', '2', '', 'v1', '%31', 'a b'] as const;

export const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'] as const;

export const DIRECT_STATUSES = [200, 204, 403, 404, 418, 503] as const;

/** Sites whose scripts ask, as browsers name them in `origin`, and such as none would send. */
export const ORIGINS = [
  'http://cors.com',
  'https://cors.com',
  'https://www.cors.com',
  'HTTPS://CORS.COM',
  'https://cors.com:8443',
  'https://evil.com',
  'null',
  '*',
] as const;

/** What a CORS policy allows. The last two take '*', which Envoy takes for all origins. */
export const ALLOWED_ORIGINS = [
  { exact: 'http://cors.com' },
  { exact: 'https://cors.com' },
  { exact: 'null' },
  { prefix: 'https://' },
  { regex: 'https://.*\\.cors\\.com' },
  { regex: 'http.*' },
  { exact: '*' },
  { regex: '[^a-z]' },
] as const;
