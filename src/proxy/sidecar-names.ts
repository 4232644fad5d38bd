/*
 * Other names of a service: what is short for its host, and ExternalName Services that stand for it.
 */
import { isIP } from 'node:net';
import type { RegistryService } from '../model/registry';

/** Which ExternalName Services stand for a host, by one step or several. Istio does not ask whether they are exported. */
export function aliasesByTarget(registry: readonly RegistryService[]): ReadonlyMap<string, readonly RegistryService[]> {
  const aliases = registry.filter(({ service }) => service?.externalName !== undefined);
  const targets = new Map(aliases.map((alias) => [alias.host, alias.service?.externalName ?? '']));
  const byTarget = new Map<string, RegistryService[]>();
  for (const alias of aliases) {
    const passed = new Set<string>();
    let target = alias.host;
    for (let next = targets.get(target); next !== undefined && !passed.has(target); next = targets.get(target)) {
      passed.add(target);
      target = next;
    }
    byTarget.set(target, [...(byTarget.get(target) ?? []), alias]);
  }
  return byTarget;
}

/** The absolute form of a name, and what is short for it in a cluster (`GenerateAltVirtualHosts`). */
export function otherNames(host: string, viewer: string, clusterDomain: string): readonly string[] {
  const absolute = isIP(host) === 0 ? [`${host}.`] : [];
  const svc = host.indexOf('.svc.');
  const dot = host.indexOf('.');
  if (!host.endsWith(`.svc.${clusterDomain}`) || dot + 1 > svc) {
    return absolute;
  }
  const withNamespace = host.slice(0, svc);
  const names = [...absolute, withNamespace, `${withNamespace}.svc`];
  return host.slice(dot + 1, svc) === viewer ? [...names, host.slice(0, dot)] : names;
}
