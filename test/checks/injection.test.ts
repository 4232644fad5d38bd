/*
 * The checks on sidecars and namespaces: namespace-not-injected, several-injection-labels, mesh-routes-without-sidecar,
 * image-auto-without-injection and undiscovered-namespace.
 */
import { Severity } from '../../src/checks/finding';
import { meshRoutesWithoutSidecar } from '../../src/checks/rules/mesh-routes-without-sidecar';
import { imageAutoWithoutInjection } from '../../src/checks/workload/image-auto-without-injection';
import { namespaceNotInjected } from '../../src/checks/workload/namespace-not-injected';
import { severalInjectionLabels } from '../../src/checks/workload/several-injection-labels';
import { undiscoveredNamespace } from '../../src/checks/workload/undiscovered-namespace';
import { describeCheck } from './cases';
import { deployment, namespace, routeTo, virtualService } from './manifests';

const ENABLED = { 'istio-injection': 'enabled' };
const DISABLED = { 'istio-injection': 'disabled' };
const REVISION = { 'istio.io/rev': 'canary' };
const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' };
const AUTO = { containers: [{ name: 'istio-proxy', image: 'auto' }] };

describeCheck(namespaceNotInjected, {
  silent: {
    enabled: [namespace('shop', ENABLED), deployment('apis')],
    'a revision': [namespace('shop', REVISION), deployment('apis')],
    'disabled on purpose': [namespace('shop', DISABLED), deployment('apis')],
    ambient: [namespace('shop', AMBIENT), deployment('apis')],
    'a namespace of Kubernetes itself': [namespace('kube-system'), deployment('kube-system/coredns')],
    'no workloads': [namespace('shop')],
    'the namespace is not given': [deployment('apis')],
    'the pods ask for themselves': [
      namespace('shop'),
      deployment('apis', { app: 'apis', 'sidecar.istio.io/inject': 'true' }),
    ],
    'the pods want none': [namespace('shop'), deployment('apis', { app: 'apis', 'sidecar.istio.io/inject': 'false' })],
    'gateways only': [namespace('shop'), deployment('gw', { app: 'gw' }, AUTO)],
  },
  found: {
    'no label': [
      [namespace('shop'), deployment('apis'), deployment('b')],
      {
        severity: Severity.INFO,
        kind: 'Namespace',
        name: 'shop',
        istioCodes: ['IST0102'],
        words: ['istio-injection: enabled'],
      },
    ],
  },
});

describeCheck(severalInjectionLabels, {
  silent: {
    one: [namespace('a', ENABLED), namespace('b', REVISION)],
    'ambient beside no sidecars': [namespace('a', { ...AMBIENT, ...DISABLED })],
    'sidecars, and out of ambient mode': [namespace('a', { ...ENABLED, 'istio.io/dataplane-mode': 'none' })],
  },
  found: {
    both: [
      [namespace('shop', { ...ENABLED, ...REVISION })],
      { severity: Severity.WARNING, path: 'metadata.labels', istioCodes: ['IST0123'], words: ['revision canary'] },
    ],
    'sidecars and ambient mode': [
      [namespace('shop', { ...ENABLED, ...AMBIENT })],
      { istioCodes: ['IST0123'], words: ['The first wins', 'left out of ambient mode', 'dataplane-mode: ambient'] },
    ],
    'a revision and ambient mode': [[namespace('shop', { ...REVISION, ...AMBIENT })], { words: ['ambient mode'] }],
    'all three': [
      [namespace('shop', { ...ENABLED, ...REVISION, ...AMBIENT })],
      { words: ['revision canary injects nothing here and pods with a sidecar are left out of ambient mode'] },
    ],
    'a revision where sidecars are switched off': [
      [namespace('shop', { ...DISABLED, ...REVISION })],
      { words: ["'istio-injection: disabled' for no sidecars"] },
    ],
  },
});

const IN_MESH = virtualService('apis', { hosts: ['apis'], http: [routeTo('apis')] });
const PRIVATE = virtualService('apis', { hosts: ['apis'], http: [routeTo('apis')], exportTo: ['.'] });

describeCheck(meshRoutesWithoutSidecar, {
  silent: {
    sidecars: [namespace('shop', ENABLED), deployment('apis'), IN_MESH],
    'the namespace is not given': [deployment('apis'), IN_MESH],
    'no workloads are given': [namespace('shop'), IN_MESH],
    'ambient, with a waypoint': [
      namespace('shop', { ...AMBIENT, 'istio.io/use-waypoint': 'waypoint' }),
      deployment('apis'),
      IN_MESH,
    ],
    'ambient, beside sidecars': [
      namespace('shop', AMBIENT),
      deployment('apis'),
      namespace('web', ENABLED),
      deployment('web/front'),
      IN_MESH,
    ],
    'callers in another namespace': [
      namespace('shop', DISABLED),
      deployment('apis'),
      namespace('web', ENABLED),
      deployment('web/front'),
      IN_MESH,
    ],
    'callers in a namespace that is not given': [
      namespace('shop', DISABLED),
      deployment('apis'),
      deployment('web/front'),
      IN_MESH,
    ],
    'pods without a sidecar, and no rules for the mesh': [
      namespace('shop', ENABLED),
      deployment('apis'),
      deployment('job', { app: 'job', 'sidecar.istio.io/inject': 'false' }),
    ],
    'pods without a sidecar that cannot see the rules': [
      namespace('shop', ENABLED),
      deployment('apis'),
      namespace('web', ENABLED),
      deployment('web/job', { app: 'job', 'sidecar.istio.io/inject': 'false' }),
      PRIVATE,
    ],
    'the proxy is in the manifests': [
      namespace('shop', DISABLED),
      deployment(
        'apis',
        { app: 'apis' },
        { containers: [{ name: 'app' }, { name: 'istio-proxy', image: 'proxyv2:1' }] },
      ),
      IN_MESH,
    ],
    'for a gateway': [
      namespace('shop', DISABLED),
      deployment('apis'),
      virtualService('apis', { hosts: ['*'], gateways: ['edge'], http: [routeTo('apis')] }),
    ],
    'one of the pods asks for itself': [
      namespace('shop'),
      deployment('apis'),
      deployment('b', { app: 'b', 'sidecar.istio.io/inject': 'true' }),
      IN_MESH,
    ],
  },
  found: {
    forbidden: [
      [namespace('shop', DISABLED), deployment('apis'), IN_MESH],
      { severity: Severity.WARNING, kind: 'VirtualService', words: ['sidecar', 'istio-injection: enabled'] },
    ],
    'not asked for': [[namespace('shop'), deployment('apis'), IN_MESH], { severity: Severity.WARNING }],
    ambient: [
      [namespace('shop', AMBIENT), deployment('apis'), IN_MESH],
      { severity: Severity.WARNING, kind: 'VirtualService', words: ['ztunnel', 'istio.io/use-waypoint'] },
    ],
    'ambient, with the word for no waypoint': [
      [namespace('shop', { ...AMBIENT, 'istio.io/use-waypoint': 'none' }), deployment('apis'), IN_MESH],
      { words: ['ztunnel'] },
    ],
    'some pods of a namespace do without, told once': [
      [
        namespace('shop', ENABLED),
        deployment('apis'),
        deployment('curl', { app: 'curl', 'sidecar.istio.io/inject': 'false' }),
        deployment('node', { app: 'node' }, { hostNetwork: true }),
        IN_MESH,
      ],
      {
        severity: Severity.INFO,
        kind: 'Deployment',
        name: 'curl',
        path: 'spec.template.metadata.labels["sidecar.istio.io/inject"]',
        words: ['VirtualService shop/apis', 'Deployment shop/node'],
      },
    ],
    'a word that no webhook knows': [
      [namespace('shop', { 'istio-injection': 'true' }), deployment('apis'), IN_MESH],
      { severity: Severity.WARNING },
    ],
    'callers that cannot see it': [
      [namespace('shop', DISABLED), deployment('apis'), namespace('web', ENABLED), deployment('web/front'), PRIVATE],
      { name: 'apis' },
    ],
  },
});

describeCheck(imageAutoWithoutInjection, {
  silent: {
    enabled: [namespace('shop', ENABLED), deployment('gw', { app: 'gw' }, AUTO)],
    'asked for by the pods': [
      namespace('shop'),
      deployment('gw', { app: 'gw', 'sidecar.istio.io/inject': 'true' }, AUTO),
    ],
    'the namespace is not given': [deployment('gw', { app: 'gw' }, AUTO)],
    'a real image': [namespace('shop'), deployment('gw')],
  },
  found: {
    'switched off by the namespace': [
      [namespace('shop', DISABLED), deployment('gw', { app: 'gw', 'sidecar.istio.io/inject': 'true' }, AUTO)],
      { severity: Severity.ERROR, path: 'spec.template.spec.containers[0].image', istioCodes: ['IST0146'] },
    ],
    'switched off by the pods, whatever the namespace': [
      [deployment('gw', { app: 'gw', 'sidecar.istio.io/inject': 'false' }, AUTO)],
      { severity: Severity.ERROR },
    ],
    'not asked for': [
      [namespace('shop'), deployment('gw', { app: 'gw' }, AUTO)],
      { severity: Severity.WARNING, words: ['every namespace'] },
    ],
    'of a Pod': [
      [
        namespace('shop', DISABLED),
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'shop' }, spec: AUTO },
      ],
      { istioCodes: ['IST0147'], path: 'spec.containers[0].image' },
    ],
  },
});

const settings = (discoverySelectors: readonly object[]) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'istio', namespace: 'istio-system' },
  data: { mesh: JSON.stringify({ discoverySelectors }) },
});

describeCheck(undiscoveredNamespace, {
  silent: {
    'no selectors': [namespace('shop'), virtualService('apis', {}), settings([])],
    'a label that is asked for': [
      namespace('shop', { mesh: 'on' }),
      virtualService('apis', {}),
      settings([{ matchLabels: { mesh: 'on' } }]),
    ],
    'labels that are not given': [virtualService('apis', {}), settings([{ matchLabels: { mesh: 'on' } }])],
    'nothing of Istio': [namespace('shop'), deployment('apis'), settings([{ matchLabels: { mesh: 'on' } }])],
  },
  found: {
    'without the label': [
      [
        namespace('shop'),
        virtualService('apis', {}),
        virtualService('other', {}),
        settings([{ matchLabels: { mesh: 'on' } }]),
      ],
      {
        severity: Severity.WARNING,
        kind: 'VirtualService',
        name: 'apis',
        words: ['has no effect', '1 other object', 'namespace shop'],
      },
    ],
  },
});
