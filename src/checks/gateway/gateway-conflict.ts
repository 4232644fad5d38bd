/*
 * Servers that conflict: of two that cannot share one port, Istio silently leaves out the later one; it merges two
 * of plain HTTP for one host, with the rules of the older VirtualService first.
 *
 * Only Gateways whose selectors make sure that they share pods are compared. Between namespaces it is a warning, since a
 * control plane can be told to keep Gateways to theirs.
 */

import { nameOf } from '../../manifests/object';
import type { Gateway, Server } from '../../model/gateway';
import { dataPlaneOf } from '../../proxy/data-plane';
import type { SkippedServer } from '../../proxy/gateway-merge';
import type { Check, Report } from '../check';
import { Severity } from '../finding';

export const gatewayConflict: Check = {
  id: 'gateway-conflict',
  title: 'Two servers of gateways want the same port or host',
  severity: Severity.ERROR,
  istio: ['IST0145'],
  kiali: ['KIA0301'],
  run(mesh, report) {
    const reported = new Set<Server>();
    const plane = dataPlaneOf(mesh);
    for (const proxy of plane.gateways.ofSelectors) {
      for (const skipped of plane.listenersOf(proxy).merged.skipped) {
        if (!reported.has(skipped.server)) {
          reported.add(skipped.server);
          reportSkipped(skipped, report);
        }
      }
      for (const [server, host, first] of sharedHosts(plane.gateways.gatewaysOf(proxy))) {
        if (!reported.has(server)) {
          reported.add(server);
          reportShared(server, host, first, report);
        }
      }
    }
  },
};

function reportSkipped({ server, winner, reason }: SkippedServer, report: Report): void {
  const { object } = server.gateway;
  const other = winner.gateway.object;
  const own = other === object;
  const sure = own || (object.created !== undefined && other.created !== undefined);
  const assumption =
    other.namespace === object.namespace
      ? ''
      : ' This assumes that istiod does not limit Gateways to the pods of their own namespace.';
  report({
    object,
    path: server.path,
    severity: other.namespace === object.namespace ? Severity.ERROR : Severity.WARNING,
    message:
      `Istio leaves this server out: ${reason}, by ${own ? winner.path : `${winner.path} of ${nameOf(other)}`}, which selects the same pods.` +
      `${sure ? '' : ' The older of the two Gateways wins, or the first by name if both have the same age.'}${assumption}`,
    help: 'Give one of the two another port, or the same protocol; or let the Gateways select different pods.',
  });
}

/** Plain HTTP servers of different Gateways for exactly the same host on the same port. */
function sharedHosts(
  gateways: readonly Gateway[],
): readonly (readonly [server: Server, host: string, first: Server])[] {
  const first = new Map<string, Server>();
  const shared: (readonly [Server, string, Server])[] = [];
  for (const server of gateways.flatMap(({ servers }) => servers)) {
    for (const { namespace, host } of server.protocol === 'HTTP' ? server.hosts : []) {
      const key = `${server.port.number} ${server.bind} ${namespace}/${host}`;
      const other = first.get(key);
      if (other === undefined) {
        first.set(key, server);
      } else if (other.gateway !== server.gateway) {
        shared.push([server, host, other]);
      }
    }
  }
  return shared;
}

function reportShared(server: Server, host: string, first: Server, report: Report): void {
  const other = nameOf(first.gateway.object);
  report({
    object: server.gateway.object,
    path: server.path,
    severity: Severity.WARNING,
    message: `${other} serves ${host} on port ${server.port.number} for the same pods too. Istio merges the routes of both, those of the older VirtualService first, so which route wins depends on the age of the objects.`,
    help: `Keep one Gateway for ${host} and bind all VirtualServices to it, or give the two Gateways different hosts.`,
  });
}
