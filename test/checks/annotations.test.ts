/*
 * The checks on Istio's annotations, export-to and jwt-claim-without-authentication.
 */
import { istioAnnotation } from '../../src/checks/annotation/istio-annotation';
import { exportTo } from '../../src/checks/destination/export-to';
import { Severity } from '../../src/checks/finding';
import { jwtClaimWithoutAuthentication } from '../../src/checks/rules/jwt-claim-without-authentication';
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

type Annotations = { readonly [key: string]: string };
const onPods = (annotations: Annotations) =>
  manifest('apps/v1', 'Deployment', 'apis', { template: { metadata: { labels: { app: 'apis' }, annotations } } });
const onDeployment = (annotations: Annotations) =>
  manifest('apps/v1', 'Deployment', 'apis', { template: {} }, { annotations });
const onService = (annotations: Annotations) => service('apis', {}, { annotations });
const CONFIG = { 'proxy.istio.io/config': 'concurrency: 2' };

describeCheck(istioAnnotation, {
  silent: {
    'on pods': [onPods(CONFIG)],
    'on a Pod': [manifest('v1', 'Pod', 'p', {}, { annotations: CONFIG })],
    'on a kind that is not known here': [
      manifest('kafka.strimzi.io/v1', 'Kafka', 'k', {}, { annotations: CONFIG }),
      manifest('v1', 'Chariot', 'k', {}, { annotations: CONFIG }),
    ],
    'on any kind': [onService({ 'galley.istio.io/analyze-suppress': '*' })],
    'on a Service': [onService({ 'networking.istio.io/exportTo': '.' })],
    'of somebody else': [
      onDeployment({ 'notistio.io/config': 'x', 'example.com/istio.io': 'x', 'kubernetes.io/ingress.class': 'istio' }),
    ],
    'of what Istio’s charts install': [
      manifest(
        'apps/v1',
        'DaemonSet',
        'ztunnel',
        { template: { metadata: { annotations: { 'sidecar.istio.io/inject': 'false' } } } },
        {
          annotations: { 'istio.io/rev': '1-31' },
          labels: { 'app.kubernetes.io/part-of': 'istio', 'helm.sh/chart': 'ztunnel-1.31.0' },
        },
      ),
    ],
    'of Istio’s operator': [
      onDeployment({ 'install.operator.istio.io/version': '1', 'operator.istio.io/managed': 'x' }),
    ],
    'of somebody else, on pods': [onPods({ 'sidecar.example.io/x': '', 'prometheus.io/scrape': 'true' })],
    ports: [onPods({ 'traffic.sidecar.istio.io/excludeInboundPorts': '80, 8080,9000-9010' })],
    'all ports': [onPods({ 'traffic.sidecar.istio.io/includeInboundPorts': '*' })],
    ranges: [onPods({ 'traffic.sidecar.istio.io/includeOutboundIPRanges': '10.0.0.0/8,fd00::/8' })],
    nothing: [onPods({ 'traffic.sidecar.istio.io/includeOutboundIPRanges': '' })],
    quantities: [onPods({ 'sidecar.istio.io/proxyCPU': '100m', 'sidecar.istio.io/proxyMemory': '128Mi' })],
    'words for yes and no': [
      onPods({ 'sidecar.istio.io/nativeSidecar': 'false', 'sidecar.istio.io/rewriteAppHTTPProbers': 'True' }),
    ],
  },
  found: {
    'on the Deployment': [
      [onDeployment(CONFIG)],
      {
        severity: Severity.WARNING,
        path: 'metadata.annotations["proxy.istio.io/config"]',
        istioCodes: ['IST0107'],
        words: ['on pods only', 'Move it to spec.template.metadata.annotations'],
      },
    ],
    'on a Service': [[onService(CONFIG)], { words: ['to a Pod'] }],
    'a Service’s on pods': [
      [onPods({ 'networking.istio.io/exportTo': '.' })],
      { path: 'spec.template.metadata.annotations["networking.istio.io/exportTo"]', words: ['to a Service'] },
    ],
    misspelt: [
      [onPods({ 'sidecar.istio.io/injct': 'true' })],
      { severity: Severity.WARNING, istioCodes: ['IST0108'], words: ['Did you mean sidecar.istio.io/inject?'] },
    ],
    'a label': [
      [onPods({ 'istio.io/dataplane-mode': 'ambient' })],
      { severity: Severity.WARNING, words: ['as a label only'] },
    ],
    'one that a newer Istio may know': [
      [onPods({ 'quantum.istio.io/entanglement-level': '1' })],
      { severity: Severity.INFO, words: ['Istio 1.31'] },
    ],
    'no boolean': [
      [onPods({ 'sidecar.istio.io/nativeSidecar': 'enabled' })],
      { severity: Severity.WARNING, istioCodes: ['IST0125'], words: ["'enabled'", 'true or false'] },
    ],
    'no ports': [[onPods({ 'traffic.sidecar.istio.io/excludeOutboundPorts': '5432;6379' })], { words: ['"80,8080"'] }],
    'no quantity': [[onPods({ 'sidecar.istio.io/proxyCPU': '100 millis' })], { words: ['quantity'] }],
    deprecated: [
      [onPods({ 'sidecar.istio.io/inject': 'true' })],
      { severity: Severity.INFO, istioCodes: ['IST0135'], words: ['the label of the same name'] },
    ],
  },
});

const exported = (...names: string[]) => destinationRule('apis', 'apis', [], { exportTo: names });

describeCheck(exportTo, {
  silent: {
    'itself, all, nobody': [namespace('shop'), exported('.'), exported('*'), exported('~')],
    'a namespace that is given': [namespace('web'), exported('web')],
    'one in which something is given': [deployment('web/front'), exported('web')],
    'one that nothing is known of': [exported('web')],
  },
  found: {
    misspelt: [
      [namespace('payments'), exported('.', 'paymnets')],
      {
        severity: Severity.WARNING,
        path: 'spec.exportTo[1]',
        kialiCodes: ['KIA0005'],
        words: ['Did you mean payments?'],
      },
    ],
    'none of those that are given': [[namespace('web'), exported('billing')], { severity: Severity.INFO }],
    'of a Service': [
      [namespace('web'), onService({ 'networking.istio.io/exportTo': 'web, wbe' })],
      { severity: Severity.WARNING, kind: 'Service' },
    ],
  },
});

const EDGE = gateway('edge', [server('HTTP', 80)]);
const PODS = deployment(
  'infra/gw',
  { istio: 'ingressgateway' },
  { containers: [{ name: 'istio-proxy', image: 'auto' }] },
);
const claim = (key = '@request.auth.claims.group') =>
  virtualService('apis', {
    hosts: ['*'],
    gateways: ['edge'],
    http: [{ match: [{ headers: { [key]: { exact: 'beta' } } }], ...routeTo('apis') }],
  });
const authentication = (name: string, labels?: object) =>
  manifest(
    'security.istio.io/v1',
    'RequestAuthentication',
    name,
    labels === undefined ? {} : { selector: { matchLabels: labels } },
  );

describeCheck(jwtClaimWithoutAuthentication, {
  silent: {
    'at the gateway': [EDGE, PODS, claim(), authentication('infra/a', { istio: 'ingressgateway' })],
    'for the whole namespace': [EDGE, PODS, claim(), authentication('infra/a')],
    'for the whole mesh': [EDGE, PODS, claim(), authentication('istio-system/a')],
    'somewhere, while the pods are not given': [EDGE, claim(), authentication('far/a', { istio: 'ingressgateway' })],
    'no claim': [EDGE, claim('x-group')],
    'a Gateway that is not given': [claim()],
  },
  found: {
    nowhere: [
      [EDGE, claim()],
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].match[0].headers["@request.auth.claims.group"]',
        istioCodes: ['IST0149'],
        words: ['Unless the cluster'],
      },
    ],
    'for other pods': [
      [EDGE, PODS, claim('@request.auth.claims[group]'), authentication('infra/a', { app: 'other' })],
      { name: 'apis' },
    ],
    'in another namespace': [[EDGE, PODS, claim(), authentication('shop/a')], { name: 'apis' }],
  },
});
