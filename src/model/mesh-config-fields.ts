/*
 * What becomes of each field of MeshConfig: it is read, or it cannot change an answer, or it could and is not read.
 * imports/istio.facts.ts lists the fields of the release, and a test holds this against it.
 */
import type { Node } from '../manifests/node';

/** Which requests a setting can change. */
export interface Reach {
  /** Those that arrive at a gateway, or that a workload sends; all where it is absent. */
  readonly at?: 'gateway' | 'sidecar';
  /** Those that carry a header whose name begins so. */
  readonly header?: string;
  /** Those to https:// URLs. */
  readonly overTls?: true;
}

/** A setting that is not read. */
export interface Unread extends Reach {
  /** The field, as in `defaultConfig.interceptionMode`. */
  readonly field: string;
  /** What it decides, as the end of a sentence: "it decides …". */
  readonly decides: string;
  /** The kind without whose objects it decides nothing. */
  readonly onlyWith?: string;
}

/** Settings below a field that are not read; none where nothing is written that matters. */
type Finder = (node: Node) => readonly Unread[];

/** Acted on, in `mesh-config.ts`. */
const READ = 'read';
/** About logs, metrics, traces, certificates, timing, the proxy's own listeners, or how pods are made. */
const NO_EFFECT = 'no effect';
/** Chooses among the pods of a destination, all of which a decision names. */
const AMONG_PODS = NO_EFFECT;
/** Acts by way of an Ingress or a policy only, of which it is said whether it is looked at. */
const BY_OTHERS = NO_EFFECT;

export const MESH_CONFIG_FIELDS: { readonly [field: string]: typeof READ | typeof NO_EFFECT | Finder } = {
  proxyListenPort: NO_EFFECT,
  proxyInboundListenPort: NO_EFFECT,
  proxyHttpPort: NO_EFFECT,
  connectTimeout: NO_EFFECT,
  hboneIdleTimeout: NO_EFFECT,
  protocolDetectionTimeout: NO_EFFECT,
  tcpKeepalive: NO_EFFECT,
  ingressClass: READ,
  ingressService: BY_OTHERS,
  ingressControllerMode: READ,
  ingressSelector: BY_OTHERS,
  enableTracing: NO_EFFECT,
  accessLogFile: NO_EFFECT,
  accessLogFormat: NO_EFFECT,
  accessLogEncoding: NO_EFFECT,
  enableEnvoyAccessLogService: NO_EFFECT,
  disableEnvoyListenerLog: NO_EFFECT,
  defaultConfig: inProxyConfig,
  outboundTrafficPolicy: READ,
  inboundTrafficPolicy: NO_EFFECT,
  configSources: (node) =>
    node.maps().some((each) => !(each.get('address').string() ?? '').startsWith('k8s://'))
      ? [{ field: 'configSources', decides: 'where istiod reads its objects, which need not be the cluster' }]
      : [],
  enableAutoMtls: (node) =>
    node.boolean() === false
      ? [
          {
            field: 'enableAutoMtls',
            onlyWith: 'PeerAuthentication',
            decides: 'whether sidecars encrypt what they send, and pods that insist on it refuse what is not',
          },
        ]
      : [],
  trustDomain: BY_OTHERS,
  trustDomainAliases: BY_OTHERS,
  caCertificates: NO_EFFECT,
  defaultServiceExportTo: READ,
  defaultVirtualServiceExportTo: READ,
  defaultDestinationRuleExportTo: READ,
  rootNamespace: READ,
  localityLbSetting: AMONG_PODS,
  zoneAwareLbSetting: AMONG_PODS,
  dnsRefreshRate: NO_EFFECT,
  h2UpgradePolicy: READ,
  inboundClusterStatName: NO_EFFECT,
  outboundClusterStatName: NO_EFFECT,
  certificates: NO_EFFECT,
  serviceSettings: AMONG_PODS,
  serviceScopeConfigs: AMONG_PODS,
  enablePrometheusMerge: NO_EFFECT,
  verifyCertificateAtClient: NO_EFFECT,
  ca: NO_EFFECT,
  extensionProviders: BY_OTHERS,
  defaultProviders: NO_EFFECT,
  discoverySelectors: READ,
  pathNormalization: READ,
  defaultHttpRetryPolicy: READ,
  meshMTLS: NO_EFFECT,
  tlsDefaults: NO_EFFECT,
  defaultTrafficPolicy: READ,
  serviceEntryVisibility: READ,
};

/** Of `defaultConfig`: what changes which requests proxies get, and how they see them. */
function inProxyConfig(node: Node): readonly Unread[] {
  const setting = (path: string, decides: string, reach: Reach = {}, matters = (value: Node) => value.present) =>
    matters(path.split('.').reduce((at, key) => at.get(key), node))
      ? [{ field: `defaultConfig.${path}`, decides, ...reach }]
      : [];
  const isOn = (value: Node) => ['true', '1'].includes(value.string() ?? '');
  return [
    ...setting('interceptionMode', 'whether sidecars get what apps send', { at: 'sidecar' }, (mode) =>
      ['NONE', 2].includes(mode.value as string | number),
    ),
    ...setting('customConfigFile', 'how proxies start'),
    ...setting('proxyBootstrapTemplatePath', 'how proxies start'),
    ...setting('runtimeValues', "Envoy's runtime flags", {}, (values) => values.entries().length > 0),
    ...setting('connectionSettings', 'which paths and header names proxies take, and in which form'),
    ...setting('proxyHeaders.requestId', 'whether a request has an x-request-id'),
    ...setting('proxyHeaders.forwardedClientCert', "what becomes of a client's certificate header", {
      header: 'x-forwarded-client-cert',
    }),
    ...setting('proxyHeaders.xForwardedPort', 'whether a request has an x-forwarded-port'),
    ...setting('gatewayTopology.proxyProtocol', 'whether gateways wait for a PROXY header before a request', {
      at: 'gateway',
    }),
    ...setting('gatewayTopology.numTrustedProxies', 'which x-forwarded headers gateways believe', {
      at: 'gateway',
      header: 'x-forwarded-',
    }),
    ...setting('gatewayTopology.forwardClientCertDetails', "what becomes of a client's certificate header", {
      at: 'gateway',
      header: 'x-forwarded-client-cert',
    }),
    ...setting(
      'proxyMetadata.ISTIO_META_DNS_CAPTURE',
      'which address a host of a ServiceEntry without addresses gets',
      { at: 'sidecar', overTls: true },
      isOn,
    ),
  ];
}

/** Of `meshNetworks`, beside it in the ConfigMap. */
export function inMeshNetworks(networks: Node): readonly Unread[] {
  const ranges = networks
    .get('networks')
    .entries()
    .flatMap(([, network]) => network.get('endpoints').maps())
    .some((endpoint) => endpoint.get('fromCidr').present);
  return ranges
    ? [{ field: 'meshNetworks', decides: 'from whom gateways take x-envoy headers', at: 'gateway', header: 'x-envoy-' }]
    : [];
}
