/*
 * subset-selects-nothing, subset-without-labels, duplicate-subset and no-server-certificate-verification.
 */
import { duplicateSubset } from '../../src/checks/destination/duplicate-subset';
import { noServerCertificateVerification } from '../../src/checks/destination/no-server-certificate-verification';
import { subsetSelectsNothing } from '../../src/checks/destination/subset-selects-nothing';
import { subsetWithoutLabels } from '../../src/checks/destination/subset-without-labels';
import { Severity } from '../../src/checks/finding';
import { describeCheck } from './cases';
import { deployment, destinationRule, manifest, routeTo, service, virtualService } from './manifests';

const V1 = deployment('apis-v1', { app: 'apis', version: 'v1' });
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
    'endpoints that workloads add': [
      entry([], { workloadSelector: { labels: { app: 'vm' } } }),
      destinationRule('vm', 'vm.com', ['v2']),
      TO_VM,
    ],
  },
  found: {
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
      { severity: Severity.WARNING, words: ['503 at gateways', 'sidecars let them through'] },
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
    'addresses that carry no labels': [
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
      { words: ['The addresses of Endpoints shop/apis carry no labels', 'Make each address a WorkloadEntry'] },
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
