import type { App } from 'cdk8s';
import { Cpu, ServiceType } from 'cdk8s-plus-27';
import { AccessLog, type IstioCharts, IstioPlatform } from 'cdk8s-versioned-mesh';

export function tuned(app: App, charts: IstioCharts): IstioPlatform {
  return new IstioPlatform(app, 'istio', {
    charts,
    accessLog: AccessLog.JSON,
    istiod: { minReplicas: 2, resources: { cpu: { request: Cpu.millis(250) } } },
    gateway: { name: 'istio-public', serviceType: ServiceType.NODE_PORT, ports: [{ port: 80, nodePort: 30080 }] },
    values: { istiod: { meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } } },
  });
}
