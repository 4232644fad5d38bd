/*
 * The configurations of the proxies that somebody means, or of all that there are.
 */

import { isGatewayWorkload } from '../../model/gateway-pods';
import { mayHaveSidecar } from '../../model/injection';
import type { MeshModel } from '../../model/model';
import type { Workload } from '../../model/workload';
import { groupBy } from '../../syntax/grouping';
import { type DataPlane, dataPlaneOf } from '../data-plane';
import { senderInMesh, senderName, sendsByProxy, whyNoRules, workloadCalled } from '../sender';
import type { Sidecar } from '../sidecar';
import { gatewayConfig } from './gateway-config';
import { type ProxyConfig, unknownConfig } from './proxy-config';
import { ProxyConfiguration, type ProxyConfigurationOptions } from './proxy-configuration';
import { sidecarConfig } from './sidecar-config';

type Named = readonly [proxy: string, config: ProxyConfig];

export function configurationsOf(model: MeshModel, options: ProxyConfigurationOptions): readonly ProxyConfiguration[] {
  const { from, gatewayLabels, gatewayNamespace } = options;
  const plane = dataPlaneOf(model);
  const onlyGateways = gatewayLabels != null || gatewayNamespace != null;
  const sender = from == null ? undefined : senderInMesh(from);
  const gateways = sender === undefined ? plane.gateways.meantBy(options) : [];
  const workloads =
    sender !== undefined
      ? [workloadCalled(sender, model)]
      : from == null && !onlyGateways
        ? model.workloads.filter((workload) => hasSidecar(workload, plane))
        : [];
  return grouped([
    ...gateways.map((proxy): Named => [`gateway, ${proxy.name}`, gatewayConfig(plane, proxy)]),
    ...sidecarConfigs(workloads, plane),
  ]);
}

function hasSidecar(workload: Workload, { gateways, model }: DataPlane): boolean {
  const isGateway = isGatewayWorkload(workload) || gateways.all.some((proxy) => proxy.workload === workload);
  return !isGateway && mayHaveSidecar(model, workload);
}

/** Workloads between which no rule can tell have one sidecar. */
function sidecarConfigs(workloads: readonly Workload[], { model, sidecars }: DataPlane): readonly Named[] {
  const configs = new Map<Sidecar, ProxyConfig>();
  return workloads.map((workload) => {
    if (!sendsByProxy(workload, model)) {
      return [senderName(workload), unknownConfig(whyNoRules(workload, model))];
    }
    const sidecar = sidecars.of(workload);
    const config = configs.get(sidecar) ?? sidecarConfig(sidecar);
    configs.set(sidecar, config);
    return [senderName(workload), config];
  });
}

/** Proxies that are configured alike, together. */
function grouped(all: readonly Named[]): readonly ProxyConfiguration[] {
  const texts = new Map<ProxyConfig, string>();
  const textOf = (config: ProxyConfig) => {
    const text = texts.get(config) ?? JSON.stringify(config);
    texts.set(config, text);
    return text;
  };
  return [...groupBy(all, ([, config]) => textOf(config)).values()].map((group) =>
    ProxyConfiguration._of(
      group[0][1],
      group.map(([proxy]) => proxy),
    ),
  );
}
