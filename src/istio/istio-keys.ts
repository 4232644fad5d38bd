/*
 * Istio's annotations and labels: on which kinds each one acts, and what its value may be. Facts of Istio 1.30 (istio.io/api,
 * annotation/ and label/).
 */

interface IstioKey {
  /** The kinds on which it acts. 'Pod' is a Pod or a pod template; 'Any' is every kind. */
  readonly on: readonly string[];
  readonly stage: 'alpha' | 'beta' | 'stable';
  /** What takes its place, where it is on its way out. */
  readonly insteadUse?: string;
  readonly value?: ValueKind;
}

export type ValueKind = 'boolean' | 'number' | 'ports' | 'ranges' | 'quantity';

const POD = ['Pod'];
const alpha = (value?: ValueKind, on: readonly string[] = POD): IstioKey => ({ on, stage: 'alpha', value });
const outdated = (insteadUse: string, value?: ValueKind): IstioKey => ({ on: POD, stage: 'alpha', insteadUse, value });

export const ANNOTATIONS: ReadonlyMap<string, IstioKey> = new Map<string, IstioKey>([
  ['sidecar.istio.io/inject', { on: POD, stage: 'beta', insteadUse: 'the label of the same name', value: 'boolean' }],
  ['sidecar.istio.io/status', alpha()],
  ['sidecar.istio.io/rewriteAppHTTPProbers', alpha('boolean')],
  ['sidecar.istio.io/discoveryAddress', outdated('discoveryAddress in proxy.istio.io/config')],
  ['sidecar.istio.io/proxyImage', alpha()],
  ['sidecar.istio.io/proxyImageType', alpha()],
  ['sidecar.istio.io/proxyCPU', alpha('quantity')],
  ['sidecar.istio.io/proxyCPULimit', alpha('quantity')],
  ['sidecar.istio.io/proxyMemory', alpha('quantity')],
  ['sidecar.istio.io/proxyMemoryLimit', alpha('quantity')],
  ['sidecar.istio.io/interceptionMode', alpha()],
  ['sidecar.istio.io/bootstrapOverride', alpha()],
  ['sidecar.istio.io/statsInclusionPrefixes', outdated('proxyStatsMatcher in proxy.istio.io/config')],
  ['sidecar.istio.io/statsInclusionSuffixes', outdated('proxyStatsMatcher in proxy.istio.io/config')],
  ['sidecar.istio.io/statsInclusionRegexps', outdated('proxyStatsMatcher in proxy.istio.io/config')],
  ['sidecar.istio.io/statsHistogramBuckets', alpha()],
  ['sidecar.istio.io/statsHistogramBins', alpha()],
  ['sidecar.istio.io/statsFlushInterval', alpha()],
  ['sidecar.istio.io/statsEvictionInterval', alpha()],
  ['sidecar.istio.io/statsCompression', outdated('statsCompression in proxy.istio.io/config', 'boolean')],
  ['sidecar.istio.io/extraStatTags', outdated('extraStatTags in proxy.istio.io/config')],
  ['sidecar.istio.io/userVolume', alpha()],
  ['sidecar.istio.io/userVolumeMount', alpha()],
  ['sidecar.istio.io/logLevel', alpha()],
  ['sidecar.istio.io/componentLogLevel', alpha()],
  ['sidecar.istio.io/agentLogLevel', alpha()],
  ['sidecar.istio.io/nativeSidecar', alpha('boolean')],
  ['status.sidecar.istio.io/port', alpha('number')],
  ['readiness.status.sidecar.istio.io/initialDelaySeconds', alpha('number')],
  ['readiness.status.sidecar.istio.io/periodSeconds', alpha('number')],
  ['readiness.status.sidecar.istio.io/failureThreshold', alpha('number')],
  ['readiness.status.sidecar.istio.io/applicationPorts', alpha('ports')],
  ['traffic.sidecar.istio.io/includeOutboundIPRanges', alpha('ranges')],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', alpha('ranges')],
  ['traffic.sidecar.istio.io/includeInboundPorts', alpha('ports')],
  ['traffic.sidecar.istio.io/excludeInboundPorts', alpha('ports')],
  ['traffic.sidecar.istio.io/includeOutboundPorts', alpha('ports')],
  ['traffic.sidecar.istio.io/excludeOutboundPorts', alpha('ports')],
  ['traffic.sidecar.istio.io/excludeInterfaces', alpha()],
  ['traffic.sidecar.istio.io/kubevirtInterfaces', outdated('istio.io/reroute-virtual-interfaces')],
  ['istio.io/reroute-virtual-interfaces', alpha()],
  ['prometheus.istio.io/merge-metrics', alpha('boolean')],
  ['proxy.istio.io/config', { on: POD, stage: 'beta' }],
  ['proxy.istio.io/overrides', alpha()],
  ['inject.istio.io/templates', alpha()],
  ['istio.io/rev', alpha()],
  ['ambient.istio.io/redirection', { on: POD, stage: 'beta' }],
  ['ambient.istio.io/bypass-inbound-capture', alpha('boolean')],
  ['ambient.istio.io/dns-capture', alpha('boolean')],
  ['security.istio.io/tlsMode', alpha()],
  ['networking.istio.io/exportTo', alpha(undefined, ['Service'])],
  ['networking.istio.io/traffic-distribution', alpha(undefined, ['Namespace', 'Service', 'ServiceEntry'])],
  ['networking.istio.io/service-type', alpha(undefined, ['Gateway'])],
  ['traffic.istio.io/nodeSelector', { on: ['Service'], stage: 'stable' }],
  ['alpha.istio.io/kubernetes-serviceaccounts', alpha(undefined, ['Service'])],
  ['alpha.istio.io/canonical-serviceaccounts', alpha(undefined, ['Service'])],
  ['topology.istio.io/controlPlaneClusters', alpha(undefined, ['Namespace'])],
  // What its value may be, rejected-by-istio says.
  ['istio.io/dry-run', alpha(undefined, ['AuthorizationPolicy'])],
  ['istio.io/autoRegistrationGroup', alpha(undefined, ['WorkloadEntry'])],
  ['istio.io/workloadController', alpha(undefined, ['WorkloadEntry'])],
  ['istio.io/connectedAt', alpha(undefined, ['WorkloadEntry'])],
  ['istio.io/disconnectedAt', alpha(undefined, ['WorkloadEntry'])],
  ['gateway.istio.io/controller-version', alpha(undefined, ['Any'])],
  ['gateway.istio.io/service-account', alpha(undefined, ['Gateway'])],
  ['gateway.istio.io/name-override', alpha(undefined, ['Gateway'])],
  ['ambient.istio.io/waypoint-inbound-binding', alpha(undefined, ['GatewayClass', 'Gateway'])],
  ['galley.istio.io/analyze-suppress', alpha(undefined, ['Any'])],
]);

/** Labels, of which people often make annotations. */
export const LABELS: ReadonlySet<string> = new Set([
  'sidecar.istio.io/inject',
  'istio.io/rev',
  'istio.io/dataplane-mode',
  'istio.io/use-waypoint',
  'istio.io/use-waypoint-namespace',
  'istio.io/ingress-use-waypoint',
  'istio.io/waypoint-for',
  'service.istio.io/canonical-name',
  'service.istio.io/canonical-revision',
  'service.istio.io/workload-name',
  'networking.istio.io/gatewayPort',
  'networking.istio.io/enable-autoallocate-ip',
  'topology.istio.io/network',
  'topology.istio.io/cluster',
  'topology.istio.io/subzone',
  'topology.istio.io/locality',
  'security.istio.io/tlsMode',
]);

/** Whether the key belongs to Istio: `istio.io/…` or `….istio.io/…`. */
export function isIstioKey(key: string): boolean {
  return /^([\w-]+\.)*istio\.io\//.test(key);
}

/** Keys of Istio's operator and other tools of its house, which are nobody's to write. */
const INTERNAL = /^((install\.)?operator|internal|lifecycle|release)\.istio\.io\//;

export function isInternalKey(key: string): boolean {
  return INTERNAL.test(key);
}
