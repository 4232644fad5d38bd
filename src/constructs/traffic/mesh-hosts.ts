/*
 * The hosts for which a mesh routes.
 */
import type { Construct } from 'constructs';
import { hostsOverlap } from '../../syntax/hosts';
import { complaintAboutHost } from '../../syntax/names';
import { refuse, refuseIf, show } from '../objects/refuse';
import { TrafficSource } from './traffic-source';

/** Throws when the hosts are not hosts, or do not go with where the traffic comes from. */
export function checkHosts(scope: Construct, hosts: readonly string[], traffic: TrafficSource): void {
  for (const host of hosts) {
    refuseIf(scope, 'host', host, complaintAboutHost(host));
  }
  if (traffic !== TrafficSource.MESH && hosts.length === 0) {
    refuse(
      scope,
      "hosts is empty, so the gateway would accept no request; name the hosts that clients ask for, or ['*'] for all.",
    );
  }
  if (traffic !== TrafficSource.GATEWAY && hosts.includes('*')) {
    refuse(
      scope,
      "host '*' cannot be routed inside the mesh, where it would take over every service's requests (Istio's webhook refuses it); name the hosts, or route for the gateway only.",
    );
  }
}

/** Throws when two hosts of one VirtualService overlap. */
export function checkOverlaps(scope: Construct, hosts: readonly string[]): void {
  hosts.forEach((host, index) => {
    const other = hosts.find((earlier, position) => position < index && hostsOverlap(earlier, host));
    if (other !== undefined) {
      refuse(
        scope,
        other === host
          ? `host ${show(host)} is listed twice; leave out one.`
          : `hosts ${show(other)} and ${show(host)} overlap, which Istio's webhook refuses within one VirtualService; keep the wider one, or make two meshes.`,
      );
    }
  });
}
