export { Finding, Severity } from './checks/finding';
export { ExistingGatewayOptions } from './constructs/gateway/existing-gateway';
export { GatewayOptions, GatewayServerOptions, GatewayTls, TlsVersion } from './constructs/gateway/gateway-options';
export { IGatewayPods } from './constructs/gateway/gateway-pods';
export { IngressGateway, IngressGatewayProps } from './constructs/gateway/ingress-gateway';
export { IIngressGateway } from './constructs/gateway/ingress-gateway-ref';
export { MetadataOptions, ObjectOptions } from './constructs/objects/object-options';
export { RoutingApi } from './constructs/objects/routing-api';
export { IstioBase, IstioBaseProps } from './constructs/platform/istio-base';
export { IstioCharts } from './constructs/platform/istio-charts';
export { IstioCni, IstioCniProps } from './constructs/platform/istio-cni';
export { IstioGateway, IstioGatewayProps } from './constructs/platform/istio-gateway';
export {
  AccessLog,
  ControlPlaneOptions,
  DataPlaneMode,
  GatewayPodsOptions,
  GatewayPort,
  ReplicaOptions,
} from './constructs/platform/istio-options';
export { IstioImageOptions, IstioPartProps } from './constructs/platform/istio-part';
export { IstioPlatform, IstioPlatformProps, IstioPlatformValues } from './constructs/platform/istio-platform';
export { Istiod, IstiodProps } from './constructs/platform/istiod';
export { Kiali, KialiProps } from './constructs/platform/kiali';
export { KialiLogin, SecretKey } from './constructs/platform/kiali-login';
export { MeshNamespace, MeshNamespaceProps, PodSecurityLevel } from './constructs/platform/mesh-namespace';
export { ArgoCdOptions, FluxOptions, PlatformDelivery } from './constructs/platform/platform-delivery';
export { Prometheus, PrometheusProps } from './constructs/platform/prometheus';
export { Ztunnel, ZtunnelProps } from './constructs/platform/ztunnel';
export { Caller, CallerIdentity, ICaller } from './constructs/security/caller';
export { MeshSecurity, NetworkPolicyOptions, StrictSecurityOptions } from './constructs/security/mesh-security';
export { HeaderMatch } from './constructs/traffic/header-match';
export { HeaderRoutedMesh } from './constructs/traffic/header-routed-mesh';
export {
  HeaderRoutedMeshProps,
  LaneOptions,
  MeshServiceOptions,
} from './constructs/traffic/header-routed-mesh-options';
export { MethodMatch } from './constructs/traffic/method-match';
export { PathMatch } from './constructs/traffic/path-match';
export { QueryMatch } from './constructs/traffic/query-match';
export { RequestMatch } from './constructs/traffic/request-match';
export { Route } from './constructs/traffic/route';
export {
  CorsPolicy,
  DefaultRouteOptions,
  FaultAbort,
  FaultDelay,
  FaultInjection,
  HeaderModifier,
  RedirectOptions,
  ResponseOptions,
  RetryOn,
  RetryOptions,
  RewriteOptions,
  RouteOptions,
  SameSite,
  SessionAffinity,
  TrafficTarget,
} from './constructs/traffic/route-options';
export { SourceMatch } from './constructs/traffic/source-match';
export { TrafficSource } from './constructs/traffic/traffic-source';
export { Drain } from './constructs/workload/drain';
export { EnvSource } from './constructs/workload/env-source';
export { FlaskLikeApp } from './constructs/workload/flask-like-app';
export { ExposeOptions, FlaskLikeAppProps } from './constructs/workload/flask-like-app-options';
export { HealthCheck, HealthCheckOptions } from './constructs/workload/health-check';
export { HashCookieOptions, LoadBalancer, LoadBalancerOptions } from './constructs/workload/load-balancer';
export { RunAs } from './constructs/workload/run-as';
export { ServiceVersion } from './constructs/workload/service-version';
export { ConnectionPool, DestinationTls, OutlierDetection, TrafficPolicy } from './constructs/workload/traffic-policy';
export { VersionedService } from './constructs/workload/versioned-service';
export {
  ExistingVersionOptions,
  VersionedBy,
  VersionedServiceProps,
  VersionOptions,
} from './constructs/workload/versioned-service-options';
export { AutoscalingOptions, WorkloadOptions } from './constructs/workload/workload-options';
export { Caveat, CaveatKind } from './envoy/caveat';
export { RouteDecision } from './envoy/decision';
export { RouteDestination, RouteMirror, RouteWorkload } from './envoy/destination';
export { ForwardedRequest } from './envoy/forwarding';
export { RouteOutcome } from './envoy/outcome';
export { RouteRequest } from './envoy/request';
export { TraceCondition, TraceKind, TracePlace, TraceRule, TraceState, TraceStep } from './envoy/trace';
export { ObjectReference } from './manifests/object';
export { CheckOptions, Mesh, MeshOptions } from './mesh';
export { ProxyConfiguration, ProxyConfigurationOptions } from './proxy/config/proxy-configuration';
export { InjectedFault } from './proxy/fault';
export { OutboundTrafficPolicy } from './proxy/outbound-traffic-policy';
export { RetryPolicy } from './proxy/retries';
export { MeshValidation, MeshValidationProps } from './validation/mesh-validation';
