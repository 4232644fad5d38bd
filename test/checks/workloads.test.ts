/*
 * The checks on workloads: removed-api-version, selector-mismatch, overlapping-selectors, image-pull-never and
 * run-as-istio-proxy-uid.
 */
import { Severity } from '../../src/checks/finding';
import { removedApiVersion } from '../../src/checks/validation/removed-api-version';
import { imagePullNever } from '../../src/checks/workload/image-pull-never';
import { overlappingSelectors } from '../../src/checks/workload/overlapping-selectors';
import { runAsIstioProxyUid } from '../../src/checks/workload/run-as-istio-proxy-uid';
import { selectorMismatch } from '../../src/checks/workload/selector-mismatch';
import { describeCheck } from './cases';
import { deployment, manifest } from './manifests';

const workload = (selector: unknown, labels: object, kind = 'Deployment', apiVersion = 'apps/v1') =>
  manifest(apiVersion, kind, 'apis', { selector, template: { metadata: { labels } } });

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
    'a Rollout may refer to a Deployment': [workload(undefined, {}, 'Rollout', 'argoproj.io/v1alpha1')],
    'another group’s Deployment': [workload(undefined, {}, 'Deployment', 'example.com/v1')],
  },
  found: {
    'no selector': [
      [workload(undefined, { app: 'a' })],
      { severity: Severity.ERROR, path: 'spec.selector', words: ['has no selector', 'app=a'] },
    ],
    'an empty one': [[workload({}, { app: 'a' })], { words: ['has no selector'] }],
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

describeCheck(overlappingSelectors, {
  silent: {
    'the version tells them apart': [
      deployment('a', { app: 'x', version: 'v1' }),
      deployment('b', { app: 'x', version: 'v2' }),
    ],
    'different namespaces': [deployment('a', { app: 'x' }), deployment('other/b', { app: 'x' })],
    'only one selects the other': [deployment('a', { app: 'x' }), deployment('b', { app: 'x', version: 'v2' })],
    'a Pod and a Job have no selector': [
      deployment('a', { app: 'x' }),
      manifest('v1', 'Pod', 'p', {}, { labels: { app: 'x' } }),
    ],
    'expressions may exclude each other': [
      deployment('a', { app: 'x' }),
      manifest('apps/v1', 'Deployment', 'b', {
        selector: { matchLabels: { app: 'x' }, matchExpressions: [{ key: 'version', operator: 'Exists' }] },
        template: { metadata: { labels: { app: 'x', version: 'v2' } } },
      }),
    ],
  },
  found: {
    'the same selector': [
      [deployment('a', { app: 'x' }), deployment('b', { app: 'x' })],
      { severity: Severity.WARNING, name: 'b', path: 'spec.selector', words: ['Deployment shop/a', "'version: v2'"] },
    ],
    'each once': [
      [deployment('a', { app: 'x' }), deployment('b', { app: 'x' }), deployment('c', { app: 'x' })],
      { name: 'b' },
      { name: 'c' },
    ],
  },
});

const container = (fields: object, pod: object = {}) =>
  deployment('apis', { app: 'apis' }, { ...pod, containers: [{ name: 'app', image: 'apis:1', ...fields }] });

describeCheck(imagePullNever, {
  silent: { 'other policies': [container({ imagePullPolicy: 'IfNotPresent' }), container({})] },
  found: {
    never: [
      [container({ imagePullPolicy: 'Never' })],
      {
        severity: Severity.INFO,
        path: 'spec.template.spec.containers[0].imagePullPolicy',
        words: ['apis:1', 'ErrImageNeverPull'],
      },
    ],
    'before the others': [
      [container({}, { initContainers: [{ name: 'i', imagePullPolicy: 'Never' }] })],
      { path: 'spec.template.spec.initContainers[0].imagePullPolicy' },
    ],
  },
});

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
