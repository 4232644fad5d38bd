/*
 * destination-not-found and destination-rule-host-unknown: the same question of two kinds.
 */
import { destinationNotFound } from '../../src/checks/destination/destination-not-found';
import { destinationRuleHostUnknown } from '../../src/checks/destination/destination-rule-host-unknown';
import { Severity } from '../../src/checks/finding';
import { describeCheck } from './cases';
import {
  deployment,
  destinationRule,
  gateway,
  manifest,
  namespace,
  routeTo,
  server,
  service,
  virtualService,
} from './manifests';

const to = (...hosts: string[]) =>
  virtualService('apis', { hosts: ['a.example.com'], gateways: ['edge'], http: hosts.map((host) => routeTo(host)) });
const entry = (host: string) =>
  manifest('networking.istio.io/v1', 'ServiceEntry', 'outside', {
    hosts: [host],
    ports: [{ number: 443, name: 'https', protocol: 'HTTPS' }],
  });

const PRIVATE = service('apis', {}, { annotations: { 'networking.istio.io/exportTo': '.' } });

/** The Gateway to which `to` binds, and its pods. */
const edge = (podsIn: string) => [
  gateway('edge', [server('HTTP', 80)], { selector: { app: 'edge' } }),
  deployment(`${podsIn}/edge`, { app: 'edge' }, { containers: [{ name: 'istio-proxy', image: 'auto' }] }),
];

describeCheck(destinationNotFound, {
  silent: {
    'private to the namespace of a Gateway whose pods are not given': [
      gateway('edge', [server('HTTP', 80)]),
      service('apis', {}, { annotations: { 'networking.istio.io/exportTo': '.' } }),
      to('apis'),
    ],
    'exported to the root namespace, where the pods of a Gateway may be': [
      gateway('edge', [server('HTTP', 80)]),
      service('other/apis', {}, { annotations: { 'networking.istio.io/exportTo': 'istio-system' } }),
      to('apis.other.svc.cluster.local'),
    ],
    'private to the only namespace that reads the rules': [
      deployment('team/client'),
      manifest('networking.istio.io/v1', 'ServiceEntry', 'team/outside', {
        exportTo: ['.'],
        hosts: ['api.example.org'],
        ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      }),
      virtualService('apis', { exportTo: ['team'], hosts: ['a.com'], http: [routeTo('api.example.org')] }),
    ],
    'private to a namespace, where the rule is for requests from there': [
      deployment('team/client'),
      deployment('client'),
      PRIVATE,
      virtualService('apis', {
        hosts: ['a.com'],
        http: [{ ...routeTo('apis'), match: [{ sourceNamespace: 'shop' }] }],
      }),
    ],
    'private, where other pods have no sidecar': [
      deployment('client'),
      deployment('team/client', { 'sidecar.istio.io/inject': 'false' }),
      PRIVATE,
      virtualService('apis', { hosts: ['a.com'], http: [routeTo('apis')] }),
    ],
    'private, where a Sidecar keeps the rules from the others': [
      deployment('client'),
      deployment('team/client'),
      manifest('networking.istio.io/v1', 'Sidecar', 'team/default', { egress: [{ hosts: ['./*'] }] }),
      PRIVATE,
      virtualService('apis', { hosts: ['a.com'], http: [routeTo('apis')] }),
    ],
    'of the only namespace that reads the rules, whatever it exports': [
      deployment('team/client'),
      service('team/apis', {}, { annotations: { 'networking.istio.io/exportTo': 'shop' } }),
      virtualService('apis', { exportTo: ['team'], hosts: ['a.com'], http: [routeTo('apis.team.svc.cluster.local')] }),
    ],
    'a short name': [service('apis'), to('apis')],
    'a full name, in another namespace': [service('other/apis'), to('apis.other.svc.cluster.local')],
    'a ServiceEntry': [entry('api.example.org'), to('api.example.org')],
    'a ServiceEntry’s wildcard itself': [entry('*.example.org'), to('*.example.org')],
    'an ExternalName, by a ServiceEntry': [
      service('apis', { type: 'ExternalName', externalName: 'api.example.org' }),
      entry('api.example.org'),
      to('apis'),
    ],
    'exported to the gateway’s namespace': [
      ...edge('istio-ingress'),
      service('apis', {}, { annotations: { 'networking.istio.io/exportTo': 'istio-ingress' } }),
      to('apis'),
    ],
    'private, and nobody knows where the gateway’s pods are': [
      service('apis', {}, { annotations: { 'networking.istio.io/exportTo': '.' } }),
      to('apis'),
    ],
    'another cluster': [to('apis.shop.svc.clusterset.local')],
    'no destination': [virtualService('apis', { hosts: ['*'], http: [{ redirect: { uri: '/' } }] })],
    'no host, which is refused': [virtualService('apis', { hosts: ['*'], http: [{ route: [{ destination: {} }] }] })],
  },
  found: {
    'private, where hardly any gateway is': [
      [
        gateway('edge', [server('HTTP', 80)]),
        service('other/apis', {}, { annotations: { 'networking.istio.io/exportTo': '.' } }),
        to('apis.other.svc.cluster.local'),
      ],
      {
        severity: Severity.WARNING,
        words: ["exports to '.' only", 'not visible to a gateway in namespace shop or istio-system', 'unless'],
      },
    ],
    'in a delegate: not exported to the gateway of what delegates to it': [
      [
        ...edge('istio-ingress'),
        service('apis', {}, { annotations: { 'networking.istio.io/exportTo': '.' } }),
        virtualService('root', { hosts: ['a.com'], gateways: ['edge'], http: [{ delegate: { name: 'part' } }] }),
        virtualService('part', { http: [routeTo('apis')] }),
      ],
      { severity: Severity.ERROR, name: 'part', words: ['not visible in namespace istio-ingress'] },
    ],
    'a name that Istio does not complete': [
      [service('other/apis'), to('apis.other')],
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].route[0].destination.host',
        istioCodes: ['IST0101'],
        kialiCodes: ['KIA1101'],
        words: ['apis.other.svc.cluster.local', '503'],
      },
    ],
    'a name without the domain': [
      [service('apis'), to('apis.shop.svc')],
      { severity: Severity.ERROR, words: ['apis.shop.svc.cluster.local'] },
    ],
    'no such Service may be in the cluster': [
      [service('other'), to('apis')],
      {
        severity: Severity.WARNING,
        words: ['no Service apis in namespace shop; unless the cluster has one, clients get 503'],
      },
    ],
    'of a Service in another namespace': [
      [service('other/apis'), to('apis')],
      { severity: Severity.WARNING, words: ['apis.other.svc.cluster.local'] },
    ],
    misspelt: [[service('reviews'), to('reveiws')], { severity: Severity.WARNING, words: ['Did you mean reviews?'] }],
    'v1 is no misspelling of v2': [[service('apis-v1'), to('apis-v2')], { words: ['Add Service shop/apis-v2'] }],
    'a namespace of which nothing is given': [
      [to('apis.far.svc.cluster.local')],
      {
        severity: Severity.INFO,
        words: ['nothing of namespace far; unless the cluster has a Service apis there, clients get 503'],
      },
    ],
    'under a ServiceEntry’s wildcard, for which Istio makes one cluster only': [
      [entry('*.example.org'), to('api.example.org')],
      { severity: Severity.WARNING, words: ['only under *.example.org', "Add 'api.example.org' to the hosts"] },
    ],
    'an ExternalName of a host that the mesh does not know': [
      [service('apis', { type: 'ExternalName', externalName: 'api.example.org' }), to('apis')],
      {
        severity: Severity.WARNING,
        words: ['points to api.example.org', 'Sidecars and gateways can reach api.example.org'],
      },
    ],
    'a Service that the gateway cannot see': [
      [
        ...edge('istio-ingress'),
        service('apis', {}, { annotations: { 'networking.istio.io/exportTo': '., team' } }),
        to('apis'),
      ],
      {
        severity: Severity.ERROR,
        words: ["exports to '.' and 'team' only", 'not visible in namespace istio-ingress', 'clients get 503'],
      },
    ],
    'a Service that callers at home cannot see': [
      [
        service('other/apis', {}, { annotations: { 'networking.istio.io/exportTo': '.' } }),
        virtualService('apis', { hosts: ['apis'], http: [routeTo('apis.other.svc.cluster.local')] }),
      ],
      { severity: Severity.WARNING, words: ['not visible in namespace shop'] },
    ],
    'a Service at home that no reader of the rules sees': [
      [
        namespace('team', { 'istio-injection': 'enabled' }),
        deployment('team/client'),
        PRIVATE,
        virtualService('apis', { exportTo: ['team'], hosts: ['a.com'], http: [routeTo('apis')] }),
      ],
      { severity: Severity.ERROR, words: ['not visible in namespace team: there clients get 503', "Add 'team' to"] },
    ],
    'a Service that one of two namespaces with sidecars sees': [
      [
        namespace('team', { 'istio-injection': 'enabled' }),
        deployment('team/client'),
        deployment('client'),
        PRIVATE,
        virtualService('apis', { hosts: ['a.com'], http: [routeTo('apis')] }),
      ],
      { severity: Severity.WARNING, words: ['not visible in namespace team: there clients get 503'] },
    ],
    'one finding for all rules to one host': [
      [service('other'), to('apis', 'other', 'apis', 'apis')],
      { path: 'spec.http[0].route[0].destination.host', words: ['in 3 places, of which this is the first'] },
    ],
    'a host outside without ServiceEntry': [
      [to('api.example.org')],
      { severity: Severity.WARNING, words: ['ServiceEntry'] },
    ],
    'mirrors and other routes': [
      [
        virtualService('apis', {
          hosts: ['*'],
          http: [{ ...routeTo('a'), mirror: { host: 'b' }, mirrors: [{ destination: { host: 'c' } }] }],
          tcp: [routeTo('d')],
          tls: [routeTo('e')],
        }),
      ],
      { path: 'spec.http[0].route[0].destination.host' },
      { path: 'spec.http[0].mirror.host', words: ['mirrors to b.shop'] },
      { path: 'spec.http[0].mirrors[0].destination.host' },
      { path: 'spec.tls[0].route[0].destination.host', words: ['closed connection'] },
      { path: 'spec.tcp[0].route[0].destination.host' },
    ],
    'in a delegate': [[virtualService('part', { http: [routeTo('gone')] })], { name: 'part' }],
  },
});

describeCheck(destinationRuleHostUnknown, {
  silent: {
    'a short name': [service('apis'), destinationRule('apis', 'apis', [])],
    'a wildcard': [destinationRule('all', '*.shop.svc.cluster.local', [])],
    'a ServiceEntry': [entry('api.example.org'), destinationRule('out', 'api.example.org', [])],
  },
  found: {
    'a name that Istio does not complete': [
      [service('apis'), destinationRule('apis', 'apis.shop', ['v1'])],
      {
        severity: Severity.ERROR,
        path: 'spec.host',
        istioCodes: ['IST0174'],
        kialiCodes: ['KIA0202'],
        words: ['apis.shop.svc.cluster.local'],
      },
    ],
    'no such Service': [[service('other'), destinationRule('apis', 'apis', ['v1'])], { severity: Severity.WARNING }],
    'a namespace of which nothing is given': [
      [destinationRule('apis', 'apis.far.svc.cluster.local', [])],
      { severity: Severity.INFO },
    ],
    'an ExternalName, which is only another name for a host': [
      [
        entry('api.example.org'),
        service('apis', { type: 'ExternalName', externalName: 'api.example.org' }),
        destinationRule('apis', 'apis', ['v1']),
      ],
      {
        severity: Severity.WARNING,
        path: 'spec.host',
        istioCodes: [],
        kialiCodes: [],
        words: ['is an ExternalName for api.example.org', "Write 'host: api.example.org'"],
      },
    ],
  },
});
