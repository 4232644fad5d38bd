/*
 * One certificate in several Gateways of the same pods. A browser reuses an HTTP/2 connection for every host of its
 * certificate, and so asks one Gateway for the other's hosts, which answers 404.
 */

import { nameOf } from '../../manifests/object';
import type { Server } from '../../model/gateway';
import { routesReadBy } from '../../proxy/bound-servers';
import { dataPlaneOf } from '../../proxy/data-plane';
import type { Check } from '../check';
import { Severity } from '../finding';

export const duplicateGatewayCertificate: Check = {
  id: 'duplicate-gateway-certificate',
  title: 'Several Gateways use the same certificate',
  severity: Severity.WARNING,
  istio: ['IST0138'],
  kiali: [],
  run(mesh, report) {
    const reported = new Set<Server>();
    const { gateways } = dataPlaneOf(mesh);
    for (const proxy of gateways.ofSelectors) {
      const first = new Map<string, Server>();
      for (const server of gateways.gatewaysOf(proxy).flatMap(({ servers }) => servers)) {
        const certificate = certificateOf(server);
        const key = `${server.port.number} ${certificate}`;
        const other = first.get(key);
        if (certificate === undefined || other === undefined) {
          first.set(key, server);
        } else if (other.gateway !== server.gateway && !sharesHost(server, other) && !reported.has(server)) {
          reported.add(server);
          report({
            object: server.gateway.object,
            path: `${server.path}.tls`,
            message: `${nameOf(other.gateway.object)} uses the same certificate (${certificate}) on port ${server.port.number} for other hosts. Browsers reuse one HTTP/2 connection for all hosts of a certificate, so requests for these hosts can arrive at the other Gateway, and are answered with 404.`,
            help: 'Serve all hosts of the certificate from one server of one Gateway, or give each Gateway a certificate of its own.',
          });
        }
      }
    }
  },
};

function certificateOf(server: Server): string | undefined {
  if (server.protocol !== 'HTTPS' || routesReadBy(server) !== 'http') {
    return undefined;
  }
  const tls = server.gateway.object.node.get('spec').get('servers').items()[server.index].get('tls');
  return tls.get('credentialName').text() ?? tls.get('serverCertificate').text();
}

/** Then one of the two is left out, which is another check's business. */
function sharesHost(a: Server, b: Server): boolean {
  return a.hosts.some(({ host, namespace }) =>
    b.hosts.some((other) => other.host === host && other.namespace === namespace),
  );
}
