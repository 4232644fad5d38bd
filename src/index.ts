export { IstioApiVersion } from './objects/istio-api-version';
export { MetadataOptions, ObjectOptions } from './objects/object-options';
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
export { Drain } from './workload/drain';
export { ExposeOptions, FlaskLikeApp, FlaskLikeAppProps } from './workload/flask-like-app';
export { HealthCheck, HealthCheckOptions } from './workload/health-check';
export { RunAs } from './workload/run-as';
export { ServiceVersion } from './workload/service-version';
export { VersionedBy, VersionedService, VersionedServiceProps, VersionOptions } from './workload/versioned-service';
export { AutoscalingOptions, WorkloadOptions } from './workload/workload-options';
