export { Finding, Severity } from './checks/finding';
export { IstioApiVersion } from './constructs/objects/istio-api-version';
export { MetadataOptions, ObjectOptions } from './constructs/objects/object-options';
export { GatewayOptions, GatewayTls } from './constructs/traffic/gateway-options';
export { HeaderMatch } from './constructs/traffic/header-match';
export {
  HeaderRoutedMesh,
  HeaderRoutedMeshProps,
  MeshServiceOptions,
  RouteOptions,
} from './constructs/traffic/header-routed-mesh';
export { MeshNamespace, MeshNamespaceProps } from './constructs/traffic/mesh-namespace';
export { MethodMatch } from './constructs/traffic/method-match';
export { PathMatch } from './constructs/traffic/path-match';
export { RequestMatch } from './constructs/traffic/request-match';
export { TrafficSource } from './constructs/traffic/traffic-source';
export { Drain } from './constructs/workload/drain';
export { ExposeOptions, FlaskLikeApp, FlaskLikeAppProps } from './constructs/workload/flask-like-app';
export { HealthCheck, HealthCheckOptions } from './constructs/workload/health-check';
export { RunAs } from './constructs/workload/run-as';
export { ServiceVersion } from './constructs/workload/service-version';
export { VersionedService } from './constructs/workload/versioned-service';
export { VersionedBy, VersionedServiceProps, VersionOptions } from './constructs/workload/versioned-service-options';
export { AutoscalingOptions, WorkloadOptions } from './constructs/workload/workload-options';
export { CheckOptions, Mesh, MeshOptions } from './mesh';
export { InjectedFault, ObjectReference, RetryPolicy, RouteDecision } from './routing/decision';
export { ForwardedRequest, RouteDestination, RouteMirror, RouteWorkload } from './routing/destination';
export { OutboundTrafficPolicy } from './routing/outbound-traffic-policy';
export { RouteOutcome } from './routing/outcome';
export { RouteRequest } from './routing/request';
export { TraceKind, TraceStep } from './routing/trace';
export { MeshValidation, MeshValidationProps } from './validation/mesh-validation';
