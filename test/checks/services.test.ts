/*
 * The checks on Services: service-selects-nothing, service-target-port, port-name-protocol, workload-in-several-services,
 * conflicting-target-ports and external-name-port.
 */

import { externalNamePort } from '../../src/checks/destination/external-name-port';
import { Severity } from '../../src/checks/finding';
import { conflictingTargetPorts } from '../../src/checks/workload/conflicting-target-ports';
import { portNameProtocol } from '../../src/checks/workload/port-name-protocol';
import { serviceSelectsNothing } from '../../src/checks/workload/service-selects-nothing';
import { serviceTargetPort } from '../../src/checks/workload/service-target-port';
import { workloadInSeveralServices } from '../../src/checks/workload/workload-in-several-services';
import { describeCheck } from './cases';
import { deployment, manifest, routeTo, service, virtualService } from './manifests';

const SELECTS_APIS = { selector: { app: 'apis' } };
const ports = (...list: object[]) => ({ ...SELECTS_APIS, ports: list });
const listening = (...list: object[]) =>
  deployment('apis', { app: 'apis' }, { containers: [{ name: 'app', image: 'a', ports: list }] });
const labelled = (labels: object, podLabels: { [key: string]: string }) => ({
  ...deployment('apis', podLabels),
  metadata: { name: 'apis', namespace: 'shop', labels },
});

describeCheck(serviceSelectsNothing, {
  silent: {
    'it selects a Deployment': [service('apis'), deployment('apis')],
    'no workload of the namespace is given': [service('apis'), deployment('other/apis')],
    'no selector': [service('apis', { selector: undefined }), deployment('other')],
    'a name for something outside': [
      service('apis', { type: 'ExternalName', externalName: 'a.com' }),
      deployment('other'),
    ],
    'the cluster lists its endpoints': [
      service('apis'),
      deployment('other'),
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: 'x', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'apis' } },
        endpoints: [{ addresses: ['10.0.0.1'] }],
      },
    ],
  },
  found: {
    'the labels are on the Deployment alone': [
      [service('apis'), labelled({ app: 'apis' }, { name: 'apis' })],
      {
        severity: Severity.ERROR,
        path: 'spec.selector',
        words: ['spec.template.metadata.labels of Deployment shop/apis', '503'],
      },
    ],
    'a workload has part of them': [
      [service('apis', { selector: { app: 'apis', tier: 'web' } }), deployment('apis')],
      { severity: Severity.WARNING, words: ['app=apis,tier=web', 'Deployment shop/apis comes nearest'] },
    ],
    'no workload comes near': [[service('apis'), deployment('other')], { severity: Severity.INFO }],
  },
});

const external = (spec: object, host = 'x.com') =>
  manifest('networking.istio.io/v1', 'ServiceEntry', 'x', {
    hosts: [host],
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    ...spec,
  });
const toExternal = (...gateways: string[]) =>
  virtualService('x', { hosts: ['x.com'], gateways, http: [routeTo('x.com')] });

describeCheck(serviceSelectsNothing, {
  silent: {
    'addresses of a ServiceEntry': [external({ resolution: 'STATIC', endpoints: [{ address: '192.0.2.1' }] })],
    'a ServiceEntry by DNS': [external({ resolution: 'DNS' })],
    'pods of a ServiceEntry': [
      external({ resolution: 'STATIC', workloadSelector: { labels: { app: 'apis' } } }),
      deployment('apis'),
    ],
    'whatever address is dialled, by sidecars': [external({ resolution: 'NONE' }), toExternal('mesh')],
    'addresses that another ServiceEntry of the namespace has': [
      external({ resolution: 'STATIC' }),
      {
        ...external({ resolution: 'STATIC', endpoints: [{ address: '192.0.2.1' }] }),
        metadata: { name: 'y', namespace: 'shop' },
      },
    ],
  },
  found: {
    'a ServiceEntry without addresses': [
      [external({ resolution: 'STATIC' })],
      {
        severity: Severity.ERROR,
        kind: 'ServiceEntry',
        path: 'spec.resolution',
        words: ['no endpoints', '503', 'DNS'],
      },
    ],
    'a ServiceEntry that selects nothing': [
      [external({ resolution: 'STATIC', workloadSelector: { labels: { app: 'apis' } } }), deployment('other')],
      { severity: Severity.INFO, path: 'spec.workloadSelector', words: ['app=apis'] },
    ],
    'no address for a gateway': [
      [external({ resolution: 'NONE' }), toExternal('edge')],
      { severity: Severity.ERROR, path: 'spec.resolution', words: ['a gateway has no such address', '503'] },
    ],
  },
});

describeCheck(serviceTargetPort, {
  silent: {
    'the number of a container': [service('apis'), deployment('apis')],
    'the name of a container’s port': [
      service('apis', ports({ port: 80, targetPort: 'web' })),
      listening({ name: 'web', containerPort: 8080 }),
    ],
    'containers that mention no port': [
      service('apis'),
      deployment('apis', { app: 'apis' }, { containers: [{ name: 'app', image: 'a' }] }),
    ],
    'no targetPort means the same number': [service('apis', ports({ port: 8080 })), deployment('apis')],
    'no pods are given': [service('apis', ports({ port: 80, targetPort: 'web' }))],
    'a port of the sidecar': [service('apis', ports({ port: 15090, targetPort: 15090 })), deployment('apis')],
    'Istio fills the container in': [
      service('apis', ports({ port: 80, targetPort: 'http' })),
      deployment('apis', { app: 'apis' }, { containers: [{ name: 'istio-proxy', image: 'auto' }] }),
    ],
    'a gateway, which listens wherever its Gateways say': [
      service('apis', ports({ port: 80, targetPort: 80 })),
      deployment(
        'apis',
        { app: 'apis' },
        { containers: [{ name: 'istio-proxy', image: 'proxy:1', ports: [{ containerPort: 15021 }] }] },
      ),
    ],
    'a container that starts first, and stays': [
      service('apis', ports({ port: 80, targetPort: 9 })),
      deployment(
        'apis',
        { app: 'apis' },
        {
          initContainers: [{ name: 'side', ports: [{ containerPort: 9 }] }],
          containers: [{ name: 'a', ports: [{ containerPort: 1 }] }],
        },
      ),
    ],
  },
  found: {
    'a name that no container has': [
      [
        service('apis', ports({ port: 80, targetPort: 'wbe' })),
        listening({ name: 'admin', containerPort: 1 }, { name: 'web', containerPort: 8080 }),
      ],
      {
        severity: Severity.ERROR,
        path: 'spec.ports[0].targetPort',
        kialiCodes: ['KIA0701'],
        words: ["name 'wbe'", "'targetPort: web'"],
      },
    ],
    'a name that some pods lack': [
      [
        service('apis', ports({ port: 80, targetPort: 'web' })),
        listening({ name: 'web', containerPort: 8080 }),
        deployment('apis-v2', { app: 'apis' }),
      ],
      { severity: Severity.WARNING, words: ['Deployment shop/apis-v2'] },
    ],
    'a number that none mentions': [
      [service('apis', ports({ port: 80, targetPort: 5000 })), deployment('apis')],
      { severity: Severity.WARNING, words: ['port 5000', "'targetPort: 8080'"] },
    ],
    'no targetPort': [
      [service('apis', ports({ port: 80 })), deployment('apis')],
      { severity: Severity.WARNING, path: 'spec.ports[0]' },
    ],
  },
});

const ROUTED = virtualService('apis', { hosts: ['apis'], http: [routeTo('apis')] });

const entry = (port: object) =>
  manifest('networking.istio.io/v1', 'ServiceEntry', 'x', { hosts: ['x.com'], ports: [port] });
const OUTSIDE = virtualService('x', { hosts: ['x.com'], http: [routeTo('apis.shop.svc.cluster.local')] });

describeCheck(portNameProtocol, {
  silent: {
    http: [service('apis', ports({ name: 'http', port: 80 })), ROUTED],
    'http with a suffix': [service('apis', ports({ name: 'http-web', port: 80 })), ROUTED],
    appProtocol: [service('apis', ports({ name: 'web', port: 80, appProtocol: 'http' })), ROUTED],
    'no http routes lead there': [service('apis', ports({ name: 'tcp', port: 80 }), {})],
    'another of its ports speaks HTTP': [
      service('apis', ports({ name: 'tcp', port: 90 }, { name: 'http', port: 80 })),
      ROUTED,
    ],
    'tcp, behind a gateway': [
      service('apis', ports({ name: 'tcp', port: 80 })),
      virtualService('apis', { hosts: ['*'], gateways: ['edge'], http: [routeTo('apis')] }),
    ],
    'tcp routes on tcp': [
      service('apis', ports({ name: 'tcp', port: 80 })),
      virtualService('apis', { hosts: ['apis'], tcp: [routeTo('apis')] }),
    ],
  },
  found: {
    'no name': [
      [service('apis', ports({ port: 80 })), ROUTED],
      {
        severity: Severity.INFO,
        kind: 'Service',
        path: 'spec.ports[0]',
        istioCodes: ['IST0118'],
        kialiCodes: ['KIA0601'],
        words: ['has no name', "'name: http'"],
      },
    ],
    'a name that begins with nothing known': [
      [service('apis', ports({ name: 'httpport2', port: 80 })), ROUTED],
      { severity: Severity.INFO, words: ["'httpport2'"] },
    ],
    'an appProtocol that Istio does not know': [
      [service('apis', ports({ name: 'http', port: 80, appProtocol: 'HTTP/1.1' })), ROUTED],
      { severity: Severity.INFO, kialiCodes: ['KIA0602'] },
    ],
    'tcp, in the mesh': [
      [service('apis', ports({ name: 'tcp-web', port: 80 })), ROUTED],
      {
        severity: Severity.ERROR,
        kind: 'VirtualService',
        path: 'spec.hosts[0]',
        words: ['never act', 'tcp-web', "'name: http-web'"],
      },
    ],
    'tcp on another port than 80, where rules act on what is no service': [
      [service('apis', ports({ name: 'tcp-web', port: 8080 })), ROUTED],
      { severity: Severity.WARNING, words: ['act on no port of apis', 'only for plain HTTP to port 80'] },
    ],
    'a ServiceEntry for TLS outside, which has no appProtocol': [
      [entry({ number: 443, name: 'https', protocol: 'HTTPS' }), OUTSIDE],
      {
        severity: Severity.WARNING,
        path: 'spec.hosts[0]',
        words: [
          "'{number: 80, name: http, protocol: HTTP, targetPort: 443}'",
          'tls: {mode: SIMPLE}',
          'ServiceEntry shop/x',
        ],
      },
    ],
    'a ServiceEntry for bytes': [
      [entry({ number: 80, name: 'http', protocol: 'TCP' }), OUTSIDE],
      { severity: Severity.ERROR, words: ["'protocol: HTTP' at spec.ports[0] of ServiceEntry shop/x"] },
    ],
  },
});

describeCheck(workloadInSeveralServices, {
  silent: {
    'the same protocol': [deployment('apis'), service('apis'), service('more', ports({ name: 'http-more', port: 80 }))],
    'different ports': [deployment('apis'), service('apis'), service('more', ports({ name: 'tcp', port: 90 }))],
    'a protocol that is found out': [deployment('apis'), service('apis'), service('more', ports({ port: 80 }))],
    UDP: [deployment('apis'), service('apis'), service('more', ports({ name: 'dns', port: 80, protocol: 'UDP' }))],
    'different pods': [
      deployment('apis'),
      service('apis'),
      deployment('b'),
      service('b', { ports: [{ name: 'tcp', port: 80 }] }),
    ],
  },
  found: {
    'two protocols': [
      [deployment('apis'), service('apis'), service('more', ports({ name: 'tcp', port: 80 }))],
      {
        severity: Severity.WARNING,
        name: 'more',
        path: 'spec.ports[0]',
        istioCodes: ['IST0116'],
        words: ['Service shop/apis', 'port 80'],
      },
    ],
  },
});

describeCheck(conflictingTargetPorts, {
  silent: {
    'the same numbers': [
      deployment('apis'),
      service('apis'),
      service('more', ports({ name: 'http', port: 80, targetPort: 8080 })),
    ],
    'different ports of the pods': [
      deployment('apis'),
      service('apis'),
      service('more', ports({ name: 'http', port: 90, targetPort: 9090 })),
    ],
    'two ports of one Service': [
      deployment('apis'),
      service(
        'apis',
        ports({ name: 'http', port: 80, targetPort: 8080 }, { name: 'http-2', port: 81, targetPort: 8080 }),
      ),
    ],
  },
  found: {
    'the same protocol': [
      [deployment('apis'), service('apis'), service('more', ports({ name: 'http', port: 90, targetPort: 8080 }))],
      { severity: Severity.INFO, name: 'more', istioCodes: ['IST0137'] },
    ],
    'another protocol': [
      [deployment('apis'), service('apis'), service('more', ports({ name: 'tcp', port: 90, targetPort: 8080 }))],
      { severity: Severity.WARNING, words: ['TCP and HTTP'] },
    ],
  },
});

const outside = (port: object) =>
  manifest('v1', 'Service', 'db', { type: 'ExternalName', externalName: 'db.com', ports: [port] });

describeCheck(externalNamePort, {
  silent: {
    http: [outside({ name: 'http', port: 80 })],
    tls: [outside({ name: 'tls', port: 443 })],
    'an ordinary Service': [service('a', { ports: [{ name: 'tcp', port: 1 }] })],
  },
  found: {
    tcp: [
      [outside({ name: 'tcp-db', port: 5432 })],
      { severity: Severity.INFO, path: 'spec.ports[0]', istioCodes: ['IST0150'], words: ['5432', 'no effect', '1.21'] },
    ],
    'a port on which the server speaks first': [[outside({ name: 'db', port: 3306 })], { severity: Severity.INFO }],
  },
});
