import { Severity } from '../../src/checks/finding';
import { noDefaultRoute } from '../../src/checks/rules/no-default-route';
import { describeCheck } from './cases';
import { gateway, type Manifest, routeTo, server, service, virtualService } from './manifests';

/** A VirtualService of the mesh with a rule for each match; undefined for a rule without one. */
function rules(matches: readonly (object | undefined)[], spec: object = {}, name = 'apis'): Manifest {
  const http = matches.map((match) => ({ match: match === undefined ? undefined : [match], ...routeTo('apis') }));
  return virtualService(name, { hosts: ['apis'], http, ...spec });
}

const header = (value: object) => ({ headers: { 'x-version': value } });
const EDGE = { hosts: ['apis.example.com'], gateways: ['edge'] };

describeCheck(noDefaultRoute, {
  silent: {
    'a default': [rules([header({ exact: 'v2' }), undefined])],
    'uri prefix / is one': [rules([header({ exact: 'v2' }), { uri: { prefix: '/' } }])],
    'some paths and no others, as is usual on a gateway': [
      rules([{ uri: { exact: '/login' } }, { uri: { prefix: '/static' } }], EDGE),
    ],
    'some methods and no others': [rules([{ uri: { prefix: '/api' }, method: { exact: 'GET' } }], EDGE)],
    'a default for the paths that the header is for': [
      rules([{ ...header({ exact: 'v2' }), uri: { prefix: '/api' } }, { uri: { prefix: '/api' } }], EDGE),
    ],
    'present and absent leave nothing': [rules([header({}), { withoutHeaders: { 'x-version': {} } }])],
    'one value and all others': [
      rules([header({ exact: 'v2' }), { withoutHeaders: { 'x-version': { exact: 'v2' } } }]),
    ],
    'http and https leave nothing': [
      rules([header({ exact: 'v2' }), { scheme: { exact: 'http' } }, { scheme: { exact: 'https' } }]),
    ],
    'another VirtualService of the host has it': [
      rules([header({ exact: 'v2' })], EDGE),
      rules([undefined], EDGE, 'rest'),
    ],
    'one on another Gateway of the same pods has it': [
      gateway('edge', [server('HTTP', 80)]),
      gateway('other', [server('HTTP', 80, { hosts: ['apis.example.com'] })]),
      rules([header({ exact: 'v2' })], EDGE),
      rules([undefined], { ...EDGE, gateways: ['other'] }, 'rest'),
    ],
    'a default on the only Gateway that reads http': [
      gateway('edge', [server('HTTP', 80)]),
      gateway('bytes', [server('TCP', 9000)]),
      rules([header({ exact: 'v2' }), { gateways: ['edge'] }], { ...EDGE, gateways: ['edge', 'bytes'] }),
    ],
    'so has one whose host is written in other case': [
      rules([header({ exact: 'v2' })], EDGE),
      rules([undefined], { ...EDGE, hosts: ['APIs.Example.com'] }, 'rest'),
    ],
    'so has one with a wildcard': [
      rules([header({ exact: 'v2' })], EDGE),
      rules([undefined], { ...EDGE, hosts: ['*.example.com'] }, 'rest'),
    ],
    'sources without any rule do without the VirtualService': [rules([{ sourceLabels: { app: 'web' } }])],
    'a claim, which cannot be looked into': [
      rules([{ headers: { '@request.auth.claims.group': { exact: 'a' } } }], EDGE),
    ],
    'a rule for the only port that the gateway has': [
      gateway('edge', [server('HTTP', 80)]),
      rules([{ port: 80 }, header({ exact: 'v2' })], EDGE),
    ],
    'a rule for a port, of a gateway that is not given': [rules([{ port: 80 }, header({ exact: 'v2' })], EDGE)],
    'a rule for the only port of the Service': [service('apis'), rules([{ port: 80 }, header({ exact: 'v2' })])],
    'no rules': [rules([])],
  },
  found: {
    'on the other port of the gateway': [
      [
        gateway('edge', [server('HTTP', 80), server('HTTP', 8080)]),
        rules([{ port: 80 }, header({ exact: 'v2' })], EDGE),
      ],
      { words: ['GET http://apis.example.com:8080/ without the header x-version'] },
    ],
    'a header alone': [
      [rules([header({ exact: 'v2' })])],
      {
        severity: Severity.WARNING,
        path: 'spec.http',
        words: ['GET http://apis/ without the header x-version', '404'],
      },
    ],
    'any value, but not none': [[rules([header({ regex: '.*' })])], { words: ['without the header x-version'] }],
    'every request with the header': [
      [rules([header({}), { withoutHeaders: { 'x-version': { exact: '' } } }])],
      { words: ['without the header x-version'] },
    ],
    'a path that is only routed with the header': [
      [rules([{ ...header({ exact: 'v2' }), uri: { prefix: '/api' } }, { uri: { prefix: '/web' } }], EDGE)],
      { words: ['GET http://apis.example.com/api without the header x-version', 'not among the manifests'] },
    ],
    'a query parameter': [[rules([{ queryParams: { v: { exact: '2' } } }])], { words: ['GET http://apis/:'] }],
    'below a wildcard, a host is made up': [
      [rules([{ ...header({}), authority: { prefix: 'beta.' } }], { hosts: ['*.example.com'], gateways: ['edge'] })],
      { words: ['http://beta.', 'example.com/'] },
    ],
    'in the port and source for which there are rules': [
      [rules([{ ...header({}), port: 8080, sourceLabels: { app: 'web' } }])],
      { words: ['http://apis:8080/', 'app=web'] },
    ],
    'a pattern that cannot be decided still needs the header': [
      [rules([header({ regex: '\\bv2\\b' })])],
      { words: ['without the header'] },
    ],
  },
});
