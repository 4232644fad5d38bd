import { Severity } from '../../src/checks/finding';
import { ruleNeverMatches } from '../../src/checks/rules/rule-never-matches';
import { describeCheck } from './cases';
import { gateway, type Manifest, manifest, routeTo, server, service, virtualService } from './manifests';

const EDGE = gateway('edge', [server('HTTP', 80), server('HTTP', 8080)]);

function on(match: object, spec: object = {}): Manifest[] {
  const rule = { match: [match], ...routeTo('apis') };
  return [EDGE, virtualService('apis', { hosts: ['apis.example.com'], gateways: ['edge'], http: [rule], ...spec })];
}

const at = (path: string) => ({
  severity: Severity.ERROR,
  kind: 'VirtualService',
  name: 'apis',
  path: `spec.http[0].match[0]${path}`,
});
const warning = (path: string) => ({ ...at(path), severity: Severity.WARNING });

describeCheck(ruleNeverMatches, {
  silent: {
    'an empty match': on({}),
    'a header that must have one value and not another': on({
      headers: { 'x-a': { prefix: 'a' } },
      withoutHeaders: { 'x-a': { exact: 'ab' } },
    }),
    'a header twice, with two values, since it may be sent twice': on({
      headers: { 'x-a': { exact: 'a' }, 'X-A': { exact: 'b' } },
    }),
    'a header twice, with a value for both': on({ headers: { 'x-a': { prefix: 'a' }, 'X-A': { regex: '.*b' } } }),
    'a path with an encoded question mark': on({ uri: { exact: '/a%3Fb' } }),
    'a path beyond ASCII': on({ uri: { prefix: '/ä' } }),
    'a regex that begins with anything': on({ uri: { regex: '.*\\.css' } }),
    'the query in the pseudo-header': on({ headers: { ':path': { exact: '/a?b=c' } } }),
    'a request need not have :status': on({ withoutHeaders: { ':status': {} } }),
    'an authority with a port': on({ authority: { exact: 'apis.example.com:8080' } }),
    'an authority in another case': on({ authority: { exact: 'APIs.example.com' } }),
    'an authority under a wildcard': on({ authority: { exact: 'a.b.example.com' } }, { hosts: ['*.example.com'] }),
    'any authority on the host *': on({ authority: { exact: 'elsewhere.test' } }, { hosts: ['*'] }),
    'a short name inside the mesh': on(
      { authority: { exact: 'apis' } },
      { hosts: ['apis.shop.svc.cluster.local'], gateways: ['mesh'] },
    ),
    'a port of the Gateway': on({ port: 8080 }),
    'a port of the mesh': on({ port: 9000 }, { gateways: ['edge', 'mesh'] }),
    'a port of the Service whose host it is': [
      service('apis', {
        ports: [
          { name: 'http', port: 80 },
          { name: 'tcp', port: 9000 },
        ],
      }),
      ...on({ port: 9000 }, { hosts: ['apis'], gateways: ['mesh'] }),
    ],
    'port 80 in the mesh, on which sidecars take hosts that are no services there': [
      service('apis', { ports: [{ name: 'http', port: 8080 }] }),
      ...on({ port: 80 }, { hosts: ['apis'], gateways: ['mesh'] }),
    ],
    'a port of a ServiceEntry that covers the host': [
      ...['a.example.com', '*.example.com'].map((host, index) =>
        manifest('networking.istio.io/v1', 'ServiceEntry', `e${index}`, {
          hosts: [host],
          ports: [{ number: 9000 + index, name: 'http', protocol: 'HTTP' }],
        }),
      ),
      ...on({ port: 9001 }, { hosts: ['a.example.com'], gateways: ['mesh'] }),
    ],
    'a port of a Service that is not given': on({ port: 9000 }, { hosts: ['apis'], gateways: ['mesh'] }),
    'a port where a host is a wildcard': [
      service('apis', { ports: [{ name: 'http', port: 80 }] }),
      ...on({ port: 9000 }, { hosts: ['apis', '*.example.com'], gateways: ['mesh'] }),
    ],
    'a port of an ExternalName': [
      service('apis', { type: 'ExternalName', externalName: 'x.com', ports: [{ name: 'http', port: 80 }] }),
      ...on({ port: 9000 }, { hosts: ['apis'], gateways: ['mesh'] }),
    ],
    'a port of a gateway that is not given': on({ port: 9000 }, { gateways: ['edge', 'other'] }),
    'a method of its own': on({ method: { exact: 'purge' } }),
    'a pattern that cannot be decided': on({
      headers: { 'x-a': { regex: '\\ba\\b' } },
      withoutHeaders: { 'x-a': { regex: '\\bb\\b' } },
    }),
    'withoutHeaders that excludes everything is said elsewhere': on({ withoutHeaders: { 'x-a': { regex: '.*' } } }),
    'no header of that name': on({ withoutHeaders: { uri: {} } }),
    'host is the authority': on({ headers: { host: { exact: 'apis.example.com' } } }),
  },
  found: {
    'a port of the Gateway where it does not serve the host': [
      [
        gateway('edge', [server('HTTP', 80), server('HTTP', 8080, { hosts: ['other.example.com'] })]),
        ...on({ port: 8080 }).slice(1),
      ],
      { ...at('.port'), words: ['port 8080', 'serve the hosts on port 80 only', "'port: 80'"] },
    ],
    'a field of the match that stands among the headers': [
      on({ headers: { uri: { prefix: '/api' }, Method: { exact: 'GET' } } }),
      { ...warning('.headers.uri'), words: ['not the path of the request', 'Move uri out of headers'] },
      { ...warning('.headers.Method'), words: ['Move method out of headers'] },
    ],
    'a value that must be and must not be': [
      on({ headers: { 'x-a': { exact: 'a' } }, withoutHeaders: { 'X-A': { exact: 'a' } } }),
      { ...at('.withoutHeaders.X-A'), words: ['contradicts itself', 'x-a'] },
    ],
    'a pattern within one that must not be': [
      on({ headers: { 'x-a': { exact: 'beta-2' } }, withoutHeaders: { 'x-a': { regex: '.*beta.*' } } }),
      at('.withoutHeaders.x-a'),
    ],
    'present and absent': [on({ headers: { 'x-a': {} }, withoutHeaders: { 'x-a': {} } }), at('.withoutHeaders.x-a')],
    'a method twice': [
      on({ method: { exact: 'GET' }, headers: { ':method': { exact: 'POST' } } }),
      { ...at('.headers[":method"]'), words: ['method'] },
    ],
    'a path without slash': [
      on({ uri: { exact: 'api' } }),
      { ...at('.uri.exact'), words: ["begins with '/'", "Write '/api'"] },
    ],
    'a pattern without slash': [on({ uri: { regex: 'api/.*' } }), { ...at('.uri.regex'), words: ['.*'] }],
    'a query in the path': [
      on({ uri: { prefix: '/a?version=2' } }),
      { ...at('.uri.prefix'), words: ['uri: {prefix: /a}', 'queryParams'] },
    ],
    'the status of a response': [
      on({ headers: { ':status': { exact: '200' } } }),
      { ...at(''), words: ['Only responses'] },
    ],
    'a scheme in upper case': [on({ scheme: { exact: 'HTTPS' } }), { ...at(''), words: ["'https'"] }],
    'an authority that is none of the hosts': [
      on({ authority: { exact: 'api.example.com' } }),
      { ...at('.authority'), words: ['api.example.com', 'only requests for apis.example.com'] },
    ],
    'a port that no Service of the hosts has': [
      [
        service('apis', { ports: [{ name: 'http', port: 80 }] }),
        ...on({ port: 9000 }, { hosts: ['apis'], gateways: ['mesh'] }),
      ],
      { ...at('.port'), words: ['port 9000', 'sidecars have rules for the hosts', 'port 80 only', "'port: 80'"] },
    ],
    'a port that neither a gateway nor a Service has': [
      [
        service('apis', { ports: [{ name: 'http', port: 8000 }] }),
        ...on({ port: 9000 }, { hosts: ['apis'], gateways: ['edge', 'mesh'] }),
      ],
      { ...at('.port'), words: ['port 9000', '80, 8080 and 8000'] },
    ],
    'a port that no gateway serves': [
      on({ port: 9080 }),
      { ...at('.port'), words: ['port 9080', '80 and 8080', "'port: 80'"] },
    ],
    'a method in lower case': [
      on({ method: { exact: 'get' } }),
      { ...warning('.method.exact'), words: ["Write 'GET'"] },
    ],
    'an empty header': [
      on({ headers: { 'x-a': { exact: '' } } }),
      { ...warning('.headers.x-a.exact'), words: ["'x-a: {}'"] },
    ],
  },
});
