export { Finding, Severity } from './checks/finding';
export { CheckOptions, Mesh, MeshOptions } from './mesh';
export { IstioApiVersion } from './objects/istio-api-version';
export { MetadataOptions, ObjectOptions } from './objects/object-options';
export { InjectedFault, ObjectReference, RetryPolicy, RouteDecision } from './routing/decision';
export { ForwardedRequest, RouteDestination, RouteMirror, RouteWorkload } from './routing/destination';
export { OutboundTrafficPolicy } from './routing/outbound-traffic-policy';
export { RouteOutcome } from './routing/outcome';
export { RouteRequest } from './routing/request';
export { TraceKind, TraceStep } from './routing/trace';
export { GatewayOptions, GatewayTls } from './traffic/gateway-options';
export { HeaderMatch } from './traffic/header-match';
export {
  HeaderRoutedMesh,
  HeaderRoutedMeshProps,
  MeshServiceOptions,
  RouteOptions,
} from './traffic/header-routed-mesh';
export { MeshNamespace, MeshNamespaceProps } from './traffic/mesh-namespace';
export { MethodMatch } from './traffic/method-match';
export { PathMatch } from './traffic/path-match';
export { RequestMatch } from './traffic/request-match';
export { TrafficSource } from './traffic/traffic-source';
export { MeshValidation, MeshValidationProps } from './validation/mesh-validation';
export { Drain } from './workload/drain';
export { ExposeOptions, FlaskLikeApp, FlaskLikeAppProps } from './workload/flask-like-app';
export { HealthCheck, HealthCheckOptions } from './workload/health-check';
export { RunAs } from './workload/run-as';
export { ServiceVersion } from './workload/service-version';
export { VersionedService } from './workload/versioned-service';
export { VersionedBy, VersionedServiceProps, VersionOptions } from './workload/versioned-service-options';
export { AutoscalingOptions, WorkloadOptions } from './workload/workload-options';
