import { Severity } from '../../src/checks/finding';
import { unknownKind } from '../../src/checks/validation/unknown-kind';
import { describeCheck } from './cases';
import { deployment, destinationRule, gateway, manifest, routeTo, service, virtualService } from './manifests';

const of = (apiVersion: string, kind: string) => [manifest(apiVersion, kind, 'apis', {})];

describeCheck(unknownKind, {
  silent: {
    'kinds of a mesh': [
      service('apis'),
      deployment('apis'),
      gateway('edge', []),
      destinationRule('apis', 'apis', []),
      virtualService('apis', { hosts: ['apis'], http: [routeTo('apis')] }),
    ],
    'all versions that are served': ['v1', 'v1beta1', 'v1alpha3'].flatMap((version) =>
      of(`networking.istio.io/${version}`, 'VirtualService'),
    ),
    'other kinds of Istio’s': [
      ...of('networking.istio.io/v1alpha3', 'EnvoyFilter'),
      ...of('security.istio.io/v1', 'PeerAuthentication'),
      ...of('extensions.istio.io/v1alpha1', 'WasmPlugin'),
      ...of('install.istio.io/v1alpha1', 'IstioOperator'),
    ],
    'groups of others': [
      ...of('example.com/v1', 'Virtualservice'),
      ...of('appmesh.k8s.aws/v1beta2', 'VirtualService'),
      ...of('gateway.networking.k8s.io/v1', 'Gateway'),
      ...of('serving.knative.dev/v1', 'Service'),
    ],
    'files for tools': [
      { apiVersion: 'v1', kind: 'Config', clusters: [] },
      { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' },
      { apiVersion: 'skaffold/v4beta1', kind: 'Config' },
      { kind: 'Service', port: 80 },
    ],
    'what removed-api-version says': [
      ...of('apps/v1beta1', 'Deployment'),
      ...of('extensions/v1beta1', 'Ingress'),
      ...of('rbac.istio.io/v1alpha1', 'ServiceRole'),
      ...of('config.istio.io/v1alpha2', 'rule'),
    ],
    'kinds of open groups that are not known here': of('networking.k8s.io/v1', 'ServiceCIDR'),
  },
  found: {
    'a capital that is small': [
      of('networking.istio.io/v1', 'Virtualservice'),
      { severity: Severity.ERROR, path: 'kind', words: ['no kind Virtualservice', 'Did you mean VirtualService?'] },
    ],
    'a plural': [of('networking.istio.io/v1beta1', 'VirtualServices'), { path: 'kind', words: ['VirtualService?'] }],
    'a misspelt kind of Kubernetes': [of('apps/v1', 'Deploymnet'), { path: 'kind', words: ['Deployment?'] }],
    'a misspelt version': [
      of('networking.istio.io/v1apha3', 'VirtualService'),
      { severity: Severity.ERROR, path: 'apiVersion', words: ["Write 'apiVersion: networking.istio.io/v1'"] },
    ],
    'a version that never was': [
      of('networking.istio.io/v1beta2', 'Gateway'),
      { severity: Severity.ERROR, path: 'apiVersion' },
    ],
    'a version that may come': [
      of('networking.istio.io/v2', 'VirtualService'),
      { severity: Severity.WARNING, path: 'apiVersion', words: ['unless it is a newer one'] },
    ],
    'the first version of a kind that has none yet': [
      of('networking.istio.io/v1', 'EnvoyFilter'),
      { severity: Severity.WARNING, words: ['networking.istio.io/v1alpha3'] },
    ],
    'a kind that may come': [
      of('networking.istio.io/v1', 'Teleport'),
      { severity: Severity.WARNING, path: 'kind', words: ['newer than Istio 1.31'] },
    ],
    'a kind of another group': [
      of('networking.istio.io/v1', 'AuthorizationPolicy'),
      { severity: Severity.ERROR, path: 'apiVersion', words: ["'apiVersion: security.istio.io/v1'"] },
    ],
    'the core group for a Deployment': [
      of('v1', 'Deployment'),
      { path: 'apiVersion', words: ["'apiVersion: apps/v1'"] },
    ],
    'the group of Ingress for Istio’s routes': [
      of('networking.k8s.io/v1', 'VirtualService'),
      { path: 'apiVersion', words: ["'apiVersion: networking.istio.io/v1'"] },
    ],
    'a misspelt group': [
      of('networking.istio.oi/v1', 'VirtualService'),
      { path: 'apiVersion', words: ['no API group networking.istio.oi', 'networking.istio.io/v1'] },
    ],
    'half a group': [of('networking/v1', 'DestinationRule'), { path: 'apiVersion', words: ['networking.istio.io/v1'] }],
    'a group without version': [
      of('networking.istio.io', 'VirtualService'),
      { path: 'apiVersion', words: ["Write 'apiVersion: networking.istio.io/v1'"] },
    ],
    'a version in capitals': [of('V1', 'Service'), { path: 'apiVersion', words: ["'apiVersion: v1'"] }],
    'no version at all': [
      [{ kind: 'Service', metadata: { name: 'apis' } }],
      { severity: Severity.ERROR, path: '', words: ['without an apiVersion', "'apiVersion: v1'"] },
    ],
  },
});
