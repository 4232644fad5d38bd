/*
 * The checks on workloads: removed-api-version, selector-mismatch, overlapping-selectors and
 * run-as-istio-proxy-uid.
 */
import { Severity } from '../../src/checks/finding';
import { removedApiVersion } from '../../src/checks/validation/removed-api-version';
import { overlappingSelectors } from '../../src/checks/workload/overlapping-selectors';
import { runAsIstioProxyUid } from '../../src/checks/workload/run-as-istio-proxy-uid';
import { selectorMismatch } from '../../src/checks/workload/selector-mismatch';
import { describeCheck } from './cases';
import { deployment, manifest } from './manifests';

const workload = (selector: unknown, labels: object, kind = 'Deployment', apiVersion = 'apps/v1') =>
  manifest(apiVersion, kind, 'apis', {
    selector,
    template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app:1' }] } },
  });

describeCheck(removedApiVersion, {
  silent: {
    'today’s': [
      deployment('apis'),
      manifest('batch/v1', 'CronJob', 'x', {}),
      manifest('policy/v1', 'PodDisruptionBudget', 'x', {}),
    ],
    'an Istio that is older': [manifest('networking.istio.io/v1alpha3', 'Gateway', 'x', {})],
    'a kind that stayed': [manifest('networking.k8s.io/v1beta1', 'IPAddress', 'x', {})],
  },
  found: {
    'the hello system’s Deployment': [
      [workload(undefined, {}, 'Deployment', 'apps/v1beta1')],
      { severity: Severity.ERROR, path: 'apiVersion', words: ['1.16', "'apiVersion: apps/v1'", 'spec.selector'] },
    ],
    extensions: [[workload({}, {}, 'Deployment', 'extensions/v1beta1')], { words: ['apps/v1'] }],
    'an Ingress': [[manifest('extensions/v1beta1', 'Ingress', 'x', {})], { words: ['1.22', 'networking.k8s.io/v1'] }],
    'an autoscaler': [
      [manifest('autoscaling/v2beta2', 'HorizontalPodAutoscaler', 'x', {})],
      { words: ['1.26', 'autoscaling/v2'] },
    ],
    'kinds of Istio’s that are gone': [
      [
        manifest('rbac.istio.io/v1alpha1', 'ServiceRole', 'x', {}),
        manifest('security.istio.io/v1beta1', 'ClusterRbacConfig', 'x', {}),
        manifest('authentication.istio.io/v1alpha1', 'Policy', 'x', {}),
        manifest('config.istio.io/v1alpha2', 'RouteRule', 'x', {}),
        manifest('config.istio.io/v1alpha2', 'QuotaSpec', 'x', {}),
        manifest('networking.istio.io/v1alpha3', 'ExternalService', 'x', {}),
      ],
      { severity: Severity.ERROR, path: 'apiVersion', words: ['Istio 1.6', 'AuthorizationPolicy'] },
      { words: ['Istio 1.6', "'apiVersion: security.istio.io/v1'", 'AuthorizationPolicy'] },
      { words: ['Istio 1.6', 'PeerAuthentication', 'RequestAuthentication'] },
      { words: ['Istio 1.0', "'apiVersion: networking.istio.io/v1'", 'VirtualService'] },
      { words: ['Istio 1.8', 'Telemetry'] },
      { words: ['Istio 1.0', 'ServiceEntry'] },
    ],
  },
});

describeCheck(selectorMismatch, {
  silent: {
    'part of the labels': [workload({ matchLabels: { app: 'a' } }, { app: 'a', version: 'v1' })],
    'expressions that hold': [
      workload(
        {
          matchExpressions: [
            { key: 'app', operator: 'In', values: ['a', 'b'] },
            { key: 'x', operator: 'DoesNotExist' },
            { key: 'y', operator: 'NotIn', values: ['z'] },
          ],
        },
        { app: 'a' },
      ),
    ],
    'a Job makes its own': [manifest('batch/v1', 'Job', 'x', { template: { metadata: { labels: { app: 'a' } } } })],
    'what removed-api-version says already': [workload(undefined, { app: 'a' }, 'Deployment', 'extensions/v1beta1')],
    'a Rollout may refer to a Deployment': [workload(undefined, {}, 'Rollout', 'argoproj.io/v1alpha1')],
    'another group’s Deployment': [workload(undefined, {}, 'Deployment', 'example.com/v1')],
  },
  found: {
    'no selector': [
      [workload(undefined, { app: 'a' })],
      { severity: Severity.ERROR, path: 'spec.selector', words: ['has no selector', 'app=a'] },
    ],
    'an empty one': [[workload({}, { app: 'a' })], { words: ['has no selector'] }],
    'a patch without labels': [
      [workload(undefined, {})],
      { severity: Severity.WARNING, words: ['looks like a Kustomize patch', 'Kustomize'] },
    ],
    'a patch of an image': [
      [manifest('apps/v1', 'DaemonSet', 'x', { template: { metadata: { labels: { app: 'a' } }, spec: {} } })],
      { severity: Severity.WARNING, words: ['looks like a Kustomize patch'] },
    ],
    'another value': [[workload({ matchLabels: { app: 'b' } }, { app: 'a' })], { words: ['app=b', 'app=a'] }],
    'no labels': [
      [workload({ matchLabels: { app: 'b' } }, {}, 'StatefulSet')],
      { kind: 'StatefulSet', words: ['no labels'] },
    ],
    'an expression that does not hold': [
      [workload({ matchExpressions: [{ key: 'app', operator: 'In', values: ['b'] }] }, { app: 'a' })],
      { words: ['app In b'] },
    ],
  },
});

const autoscaler = (name: string) =>
  manifest('autoscaling/v2', 'HorizontalPodAutoscaler', name, { scaleTargetRef: { kind: 'Deployment', name } });

describeCheck(overlappingSelectors, {
  silent: {
    'nothing scales either': [deployment('a', { app: 'x' }), deployment('b', { app: 'x' })],
    'the version tells them apart': [
      deployment('a', { app: 'x', version: 'v1' }),
      deployment('b', { app: 'x', version: 'v2' }),
      autoscaler('a'),
    ],
    'different namespaces': [deployment('a', { app: 'x' }), deployment('other/b', { app: 'x' }), autoscaler('a')],
    'only the other selects its pods': [
      deployment('a', { app: 'x', version: 'v1' }),
      deployment('b', { app: 'x' }),
      autoscaler('a'),
    ],
    'a Pod': [deployment('a', { app: 'x' }), manifest('v1', 'Pod', 'p', {}, { labels: { app: 'x' } }), autoscaler('a')],
    'expressions may exclude each other': [
      deployment('a', { app: 'x' }),
      manifest('apps/v1', 'Deployment', 'b', {
        selector: { matchLabels: { app: 'x' }, matchExpressions: [{ key: 'version', operator: 'Exists' }] },
        template: { metadata: { labels: { app: 'x', version: 'v2' } } },
      }),
      autoscaler('b'),
    ],
  },
  found: {
    'the same selector': [
      [deployment('a', { app: 'x' }), deployment('b', { app: 'x' }), autoscaler('a')],
      {
        severity: Severity.WARNING,
        name: 'a',
        path: 'spec.scaleTargetRef',
        words: ['Deployment shop/b', "'version: v2'", 'too many pods'],
      },
    ],
    'a wider one': [
      [deployment('a', { app: 'x' }), deployment('b', { app: 'x', version: 'v2' }), autoscaler('a')],
      { name: 'a' },
    ],
    'autoscalers for both': [
      [deployment('a', { app: 'x' }), deployment('b', { app: 'x' }), autoscaler('a'), autoscaler('b')],
      { name: 'a', words: ['AmbiguousSelector'] },
      { name: 'b', words: ['AmbiguousSelector'] },
    ],
  },
});

const container = (fields: object, pod: object = {}) =>
  deployment('apis', { app: 'apis' }, { ...pod, containers: [{ name: 'app', image: 'apis:1', ...fields }] });

const user = (runAsUser: unknown) => ({ securityContext: { runAsUser } });

describeCheck(runAsIstioProxyUid, {
  silent: {
    'another user': [container(user(1000), user(1000))],
    'the container’s own user counts': [container(user(1000), user(1337))],
    'the proxy itself': [deployment('gw', { app: 'gw' }, { containers: [{ name: 'istio-proxy', ...user(1337) }] })],
    'no sidecar': [
      deployment(
        'apis',
        { app: 'apis', 'sidecar.istio.io/inject': 'false' },
        { ...user(1337), containers: [{ name: 'app' }] },
      ),
    ],
  },
  found: {
    'of the container': [
      [container(user(1337))],
      {
        severity: Severity.WARNING,
        path: 'spec.template.spec.containers[0].securityContext.runAsUser',
        istioCodes: ['IST0144'],
      },
    ],
    'of the pod': [[container({}, user(1337))], { path: 'spec.template.spec.securityContext.runAsUser' }],
  },
});
