/*
 * What is said of subsets, and of traffic policies.
 */

import { credentialAtSidecar } from '../../src/checks/destination/credential-at-sidecar';
import { duplicateSubset } from '../../src/checks/destination/duplicate-subset';
import { noServerCertificateVerification } from '../../src/checks/destination/no-server-certificate-verification';
import { secondTrafficPolicy } from '../../src/checks/destination/second-traffic-policy';
import { subsetSelectsNothing } from '../../src/checks/destination/subset-selects-nothing';
import { subsetWithoutLabels } from '../../src/checks/destination/subset-without-labels';
import { Severity } from '../../src/checks/finding';
import { describeCheck } from './cases';
import { deployment, destinationRule, manifest, routeTo, service, virtualService } from './manifests';

const V1 = deployment('apis-v1', { app: 'apis', version: 'v1' });
const V2 = deployment('apis-v2', { app: 'apis', version: 'v2' });
const USED = virtualService('apis', { hosts: ['apis'], http: [routeTo('apis', { subset: 'v2' })] });
const entry = (endpoints: object[], rest: object = {}) =>
  manifest('networking.istio.io/v1', 'ServiceEntry', 'vm', {
    hosts: ['vm.com'],
    resolution: 'STATIC',
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    endpoints,
    ...rest,
  });
const TO_VM = virtualService('vm', { hosts: ['vm.com'], http: [routeTo('vm.com', { subset: 'v2' })] });

describeCheck(subsetSelectsNothing, {
  silent: {
    'one of two definitions of the host may have it': [
      service('apis'),
      V1,
      entry([{ address: '10.0.0.1', labels: { version: 'v2' } }], { hosts: ['apis.shop.svc.cluster.local'] }),
      destinationRule('apis', 'apis', ['v2']),
      USED,
    ],
    'the rule is exported to nobody who looks for it': [
      service('apis'),
      V1,
      destinationRule('other/apis', 'apis.shop.svc.cluster.local', ['v2'], { exportTo: ['shop'] }),
    ],
    'a pod template has the labels': [service('apis'), V1, destinationRule('apis', 'apis', ['v1'])],
    'a bare Pod has them': [
      service('apis'),
      V1,
      manifest('v1', 'Pod', 'p', {}, { labels: { app: 'apis', version: 'v2' } }),
      destinationRule('apis', 'apis', ['v2']),
      USED,
    ],
    'no pod of the service is given': [service('apis'), destinationRule('apis', 'apis', ['v2']), USED],
    'the Service is not given': [V1, destinationRule('apis', 'apis', ['v2']), USED],
    'the Service selects nothing itself': [
      service('apis', { selector: undefined }),
      V1,
      destinationRule('apis', 'apis', ['v2']),
      USED,
    ],
    'no labels': [service('apis'), V1, destinationRule('apis', 'apis', [], { subsets: [{ name: 'all' }] })],
    'the subset of a rule that loses against an older one': [
      service('apis'),
      V1,
      destinationRule('apis', 'apis', ['v1']),
      destinationRule('late', 'apis', [], { subsets: [{ name: 'v1', labels: { version: 'v9' } }] }),
    ],
    'a wildcard': [service('apis'), V1, destinationRule('apis', '*.shop.svc.cluster.local', ['v2'])],
    'the label is one that a controller adds': [
      service('apis'),
      V1,
      destinationRule('apis', 'apis', [], { subsets: [{ name: 'v2', labels: { 'pod-template-hash': '5d8f' } }] }),
      USED,
    ],
    'a Service without address, all of whose pods are in the subset': [
      service('apis', { clusterIP: 'None' }),
      V2,
      destinationRule('apis', 'apis', ['v2']),
      USED,
    ],
    'subsets of a Service without address, for gateways': [
      service('apis', { clusterIP: 'None' }),
      V1,
      V2,
      destinationRule('apis', 'apis', ['v1', 'v2']),
      virtualService('apis', { hosts: ['*'], gateways: ['edge'], http: [routeTo('apis', { subset: 'v2' })] }),
    ],
    'endpoints that workloads add': [
      entry([], { workloadSelector: { labels: { app: 'vm' } } }),
      destinationRule('vm', 'vm.com', ['v2']),
      TO_VM,
    ],
  },
  found: {
    'of a host that DNS finds, which has no labels': [
      [
        manifest('networking.istio.io/v1', 'ServiceEntry', 'x', {
          hosts: ['x.com'],
          ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
          resolution: 'DNS',
        }),
        destinationRule('x', 'x.com', ['v1']),
        virtualService('x', { hosts: ['x.com'], http: [routeTo('x.com', { subset: 'v1' })] }),
      ],
      { severity: Severity.ERROR, words: ['endpoints that DNS finds have no labels', 'spec.endpoints'] },
    ],
    'in force for some workloads alone': [
      [
        service('apis'),
        V1,
        destinationRule('apis', 'apis', ['v2'], { workloadSelector: { matchLabels: { app: 'web' } } }),
        destinationRule('istio-system/apis', 'apis.shop.svc.cluster.local', [], { subsets: [{ name: 'v2' }] }),
      ],
      { namespace: 'shop', words: ['version=v2'] },
    ],
    'neither of two definitions of the host has it': [
      [
        service('apis'),
        V1,
        entry([{ address: '10.0.0.1', labels: { version: 'v1' } }], { hosts: ['apis.shop.svc.cluster.local'] }),
        destinationRule('apis', 'apis', ['v2']),
        USED,
      ],
      { severity: Severity.WARNING, words: ['version=v2'] },
    ],
    'in force for the namespaces alone to which the rule is exported': [
      [
        service('apis'),
        V1,
        destinationRule('all', '*.shop.svc.cluster.local', [], { subsets: [{ name: 'v2' }] }),
        destinationRule('apis', 'apis', ['v2'], { exportTo: ['other'] }),
      ],
      { name: 'apis', words: ['version=v2'] },
    ],
    'a Service without address, whose pods a sidecar does not choose from': [
      [service('apis', { clusterIP: 'None' }), V1, destinationRule('apis', 'apis', ['v2']), USED],
      { severity: Severity.WARNING, words: ['503 at gateways', 'sidecars send them on'] },
    ],
    'subsets of a Service without address, from which a sidecar does not choose, told once': [
      [
        service('apis', { clusterIP: 'None' }),
        V1,
        V2,
        destinationRule('apis', 'apis', ['v1', 'v2']),
        virtualService('apis', {
          hosts: ['apis'],
          http: [
            { ...routeTo('apis', { subset: 'v2' }), match: [{ method: { exact: 'PUT' } }] },
            routeTo('apis', { subset: 'v1' }),
          ],
        }),
      ],
      {
        severity: Severity.WARNING,
        path: 'spec.subsets[0]',
        istioCodes: [],
        words: ['v1 and v2', 'clusterIP: None', 'VirtualService shop/apis', 'Only gateways choose'],
      },
    ],
    'the Service selects another version': [
      [
        service('apis', { selector: { app: 'apis', version: 'v1' } }),
        V1,
        destinationRule('apis', 'apis', ['v2']),
        USED,
      ],
      { severity: Severity.ERROR, path: 'spec.subsets[0].labels', words: ['Take version out', 'version=v1'] },
    ],
    'the label is on the Deployment alone': [
      [
        service('apis'),
        V1,
        {
          ...deployment('apis-v2', { app: 'apis' }),
          metadata: { name: 'apis-v2', namespace: 'shop', labels: { version: 'v2' } },
        },
        destinationRule('apis', 'apis', ['v1', 'v2']),
      ],
      {
        severity: Severity.ERROR,
        path: 'spec.subsets[1].labels',
        istioCodes: ['IST0173'],
        kialiCodes: ['KIA0203'],
        words: ['Deployment shop/apis-v2', 'spec.template.metadata.labels'],
      },
    ],
    'no pod that is given, and a route uses it': [
      [service('apis'), V1, destinationRule('apis', 'apis', ['v2']), USED],
      { severity: Severity.WARNING, words: ['version=v2', 'Deployment shop/apis-v1', 'Unless the cluster'] },
    ],
    'no pod that is given, and nobody uses it': [
      [service('apis'), V1, destinationRule('apis', 'apis', ['v2'])],
      { severity: Severity.INFO },
    ],
    'no pod that is given, and only a route with weight 0 uses it': [
      [
        service('apis'),
        V1,
        destinationRule('apis', 'apis', ['v2']),
        virtualService('apis', {
          hosts: ['apis'],
          http: [
            {
              route: [
                { destination: { host: 'apis' }, weight: 100 },
                { destination: { host: 'apis', subset: 'v2' }, weight: 0 },
              ],
            },
          ],
        }),
      ],
      { severity: Severity.INFO },
    ],
    'a pod with the label, outside of the Service': [
      [
        service('apis'),
        V1,
        deployment('other', { app: 'other', version: 'v2' }),
        destinationRule('apis', 'apis', ['v2']),
        USED,
      ],
      { severity: Severity.WARNING },
    ],
    'endpoints that are all written down': [
      [entry([{ address: '10.0.0.1', labels: { version: 'v1' } }]), destinationRule('vm', 'vm.com', ['v2']), TO_VM],
      { severity: Severity.ERROR },
    ],
    'addresses that have no labels': [
      [
        service('apis', { selector: undefined }),
        {
          apiVersion: 'v1',
          kind: 'Endpoints',
          metadata: { name: 'apis', namespace: 'shop' },
          subsets: [{ addresses: [{ ip: '192.0.2.42' }], ports: [{ name: 'http', port: 8080 }] }],
        },
        destinationRule('apis', 'apis', ['v1']),
      ],
      { words: ['the addresses of Endpoints shop/apis have no labels', 'Make each address a WorkloadEntry'] },
    ],
  },
});

describeCheck(subsetWithoutLabels, {
  silent: {
    'every subset has labels': [destinationRule('apis', 'apis', ['v1'])],
    'it is there for its policy, as for TLS to a host outside': [
      destinationRule('apis', 'apis', [], {
        subsets: [
          { name: 'v1', labels: { version: 'v1' } },
          { name: 'tls', trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'SIMPLE' } }] } },
        ],
      }),
    ],
  },
  found: {
    'beside one with labels': [
      [
        destinationRule('apis', 'apis', [], {
          subsets: [
            { name: 'v1', labels: { version: 'v1' } },
            { name: 'v2', labels: {} },
          ],
        }),
      ],
      { severity: Severity.WARNING, path: 'spec.subsets[1]', kialiCodes: ['KIA0209'], words: ['version: v2'] },
    ],
    'all by itself, a remark': [
      [destinationRule('apis', 'apis', [], { subsets: [{ name: 'cnn' }] })],
      { severity: Severity.INFO },
    ],
  },
});

describeCheck(duplicateSubset, {
  silent: {
    'different names': [destinationRule('a', 'apis', ['v1']), destinationRule('b', 'apis', ['v2'])],
    'different hosts': [destinationRule('a', 'apis', ['v1']), destinationRule('b', 'other', ['v1'])],
    'different namespaces': [
      destinationRule('a', 'apis.shop.svc.cluster.local', ['v1']),
      destinationRule('other/b', 'apis.shop.svc.cluster.local', ['v1']),
    ],
    'for different namespaces': [
      destinationRule('a', 'apis', ['v1'], { exportTo: ['x'] }),
      destinationRule('b', 'apis', ['v1'], { exportTo: ['y'] }),
    ],
    'for some clients only': [
      destinationRule('a', 'apis', ['v1']),
      destinationRule('b', 'apis', ['v1'], { workloadSelector: { matchLabels: { app: 'x' } } }),
    ],
    'within one rule, which is refused': [destinationRule('a', 'apis', ['v1', 'v1'])],
  },
  found: {
    'with other labels': [
      [
        destinationRule('a', 'apis', ['v1']),
        destinationRule('b', 'apis.shop.svc.cluster.local', [], { subsets: [{ name: 'v1', labels: { track: 'x' } }] }),
      ],
      {
        severity: Severity.WARNING,
        name: 'b',
        path: 'spec.subsets[0]',
        kialiCodes: ['KIA0201'],
        words: ['DestinationRule shop/a', 'version=v1'],
      },
    ],
    'with the same labels': [
      [destinationRule('a', 'apis', ['v1']), destinationRule('b', 'apis', ['v1'])],
      { severity: Severity.INFO },
    ],
  },
});

const withPolicy = (name: string, trafficPolicy: object, spec: object = {}, metadata: object = {}) =>
  manifest(
    'networking.istio.io/v1',
    'DestinationRule',
    name,
    { host: 'apis', trafficPolicy, ...spec },
    { ...metadata },
  );
const POOL = { connectionPool: { tcp: { maxConnections: 1 } } };
const BALANCER = { loadBalancer: { simple: 'LEAST_REQUEST' } };

describeCheck(secondTrafficPolicy, {
  silent: {
    'one has the policy, one the subsets': [withPolicy('a', POOL), destinationRule('b', 'apis', ['v1'])],
    'the same policy': [withPolicy('a', POOL), withPolicy('b', POOL)],
    'of subsets': [
      withPolicy('a', POOL),
      destinationRule('b', 'apis', [], { subsets: [{ name: 'v1', trafficPolicy: BALANCER }] }),
    ],
    'for different hosts': [withPolicy('a', POOL), withPolicy('b', BALANCER, { host: 'other' })],
    'for different clients': [
      withPolicy('a', POOL, { exportTo: ['x'] }),
      withPolicy('b', BALANCER, { exportTo: ['y'] }),
    ],
    'for other pods': [
      withPolicy('a', POOL, { workloadSelector: { matchLabels: { app: 'x' } } }),
      withPolicy('b', BALANCER),
    ],
  },
  found: {
    'of unknown age': [
      [withPolicy('b', BALANCER), destinationRule('a', 'apis', ['v1'], { trafficPolicy: POOL })],
      {
        severity: Severity.WARNING,
        name: 'b',
        path: 'spec.trafficPolicy',
        words: [
          'loadBalancer of DestinationRule shop/b has no effect',
          'the manifests do not say which one is older',
          'the first by name, DestinationRule shop/a',
        ],
      },
    ],
    'the younger, whatever its name': [
      [
        withPolicy('a', POOL, {}, { creationTimestamp: '2025-01-01T00:00:00Z' }),
        withPolicy('b', BALANCER, {}, { creationTimestamp: '2024-01-01T00:00:00Z' }),
      ],
      { name: 'a', words: ['the older one, DestinationRule shop/b', 'connectionPool of'] },
    ],
    'each that comes after the first': [
      [withPolicy('a', POOL), withPolicy('b', BALANCER), withPolicy('c', BALANCER)],
      { name: 'b' },
      { name: 'c' },
    ],
  },
});

const db = manifest('networking.istio.io/v1', 'ServiceEntry', 'db', {
  hosts: ['db.example.com'],
  ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 }],
  resolution: 'DNS',
});
const tlsTo = (tls: object, spec: object = {}) =>
  destinationRule('db', 'db.example.com', [], { trafficPolicy: { tls }, ...spec });
const CREDENTIAL = { mode: 'SIMPLE', credentialName: 'cert' };

describeCheck(credentialAtSidecar, {
  silent: {
    'for pods that are selected': [db, tlsTo(CREDENTIAL, { workloadSelector: { matchLabels: { app: 'x' } } })],
    'of a ConfigMap': [db, tlsTo({ mode: 'SIMPLE', credentialName: 'configmap://ca' })],
    'files instead': [db, tlsTo({ mode: 'SIMPLE', caCertificates: 'system' })],
    'no TLS': [db, tlsTo({ mode: 'DISABLE', credentialName: 'cert' })],
    'at an egress gateway': [
      db,
      tlsTo(CREDENTIAL),
      virtualService('db', {
        hosts: ['db.example.com'],
        gateways: ['mesh', 'egress'],
        http: [{ match: [{ gateways: ['egress'] }], ...routeTo('db.example.com') }],
      }),
    ],
    'for a host that is not there': [tlsTo(CREDENTIAL)],
  },
  found: {
    'for all sidecars': [
      [db, tlsTo(CREDENTIAL)],
      {
        severity: Severity.WARNING,
        path: 'spec.trafficPolicy.tls.credentialName',
        words: ['plain text', 'workloadSelector', 'cert', "'caCertificates: system'"],
      },
    ],
    'for one port': [
      [
        db,
        tlsTo(
          {},
          { trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { ...CREDENTIAL, mode: 'MUTUAL' } }] } },
        ),
      ],
      { path: 'spec.trafficPolicy.portLevelSettings[0].tls.credentialName' },
    ],
    'of a wildcard': [
      [db, tlsTo(CREDENTIAL, { host: '*.example.com' })],
      { path: 'spec.trafficPolicy.tls.credentialName' },
    ],
  },
});

const policy = (trafficPolicy: object) => destinationRule('apis', 'apis', [], { trafficPolicy });

describeCheck(noServerCertificateVerification, {
  silent: {
    'an authority': [policy({ tls: { mode: 'SIMPLE', caCertificates: 'system' } })],
    'a credential': [policy({ tls: { mode: 'MUTUAL', credentialName: 'cert' } })],
    'said on purpose': [policy({ tls: { mode: 'SIMPLE', insecureSkipVerify: true } })],
    'Istio’s own': [policy({ tls: { mode: 'ISTIO_MUTUAL' } })],
  },
  found: {
    'for all ports': [
      [policy({ tls: { mode: 'SIMPLE' } })],
      { severity: Severity.INFO, path: 'spec.trafficPolicy.tls', istioCodes: ['IST0128'] },
    ],
    'for one port': [
      [policy({ portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'SIMPLE' } }] })],
      { path: 'spec.trafficPolicy.portLevelSettings[0].tls', istioCodes: ['IST0129'] },
    ],
    'of a subset': [
      [destinationRule('a', 'apis', [], { subsets: [{ name: 'v1', trafficPolicy: { tls: { mode: 'SIMPLE' } } }] })],
      { path: 'spec.subsets[0].trafficPolicy.tls', istioCodes: ['IST0128'] },
    ],
  },
});
