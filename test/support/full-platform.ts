/*
 * Istio's platform with all of its props. `Required` has the compiler ask for every prop that is added.
 */
import { type App, Size } from 'cdk8s';
import { Cpu, ServiceType } from 'cdk8s-plus-27';
import {
  AccessLog,
  type ControlPlaneOptions,
  DataPlaneMode,
  type GatewayPodsOptions,
  type GatewayPort,
  type IstioCharts,
  IstioPlatform,
  type IstioPlatformProps,
  type IstioPlatformValues,
  PlatformDelivery,
} from 'cdk8s-versioned-mesh';

const RESOURCES = { cpu: { request: Cpu.millis(100) }, memory: { limit: Size.gibibytes(1) } };

export function fullPlatform(app: App, charts: IstioCharts, helm: string): IstioPlatform {
  const istiod: Required<ControlPlaneOptions> = { minReplicas: 2, maxReplicas: 2, resources: RESOURCES };
  const port: Required<GatewayPort> = { port: 80, name: 'http2', targetPort: 8080, nodePort: 30080 };
  const gateway: Required<GatewayPodsOptions> = {
    name: 'front',
    namespace: 'edge',
    serviceType: ServiceType.NODE_PORT,
    ports: [port],
    minReplicas: 3,
    maxReplicas: 6,
    resources: RESOURCES,
  };
  const values: Required<IstioPlatformValues> = {
    base: { global: { enableReaderRBAC: false } },
    istiod: { meshConfig: { accessLogEncoding: 'TEXT', outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
    cni: { logging: { level: 'debug' } },
    ztunnel: { logLevel: 'debug' },
    gateway: { podAnnotations: { 'example.com/team': 'edge' } },
  };
  const props: Required<IstioPlatformProps> = {
    charts,
    namespace: 'mesh',
    createNamespaces: true,
    hub: 'example.com/istio',
    tag: '9.9.9',
    revision: '1-31',
    defaultRevision: '1-31',
    dataPlane: DataPlaneMode.AMBIENT,
    cni: true,
    accessLog: AccessLog.JSON,
    istiod,
    gateway,
    values,
    delivery: PlatformDelivery.manifests(),
    helm,
  };
  return new IstioPlatform(app, 'istio', props);
}
