/*
 * A server that redirects all requests to HTTPS, where no server serves the host.
 */
import type { Server } from '../../model/gateway';
import type { MeshModel } from '../../model/model';
import { selects } from '../../model/workload';
import { hostsOverlap } from '../../syntax/hosts';
import type { Check } from '../check';
import { Severity } from '../finding';
import { isServedUnread } from '../shared/served-unread';

export const httpsRedirectWithoutHttpsServer: Check = {
  id: 'https-redirect-without-https-server',
  title: 'httpsRedirect, and nothing serves HTTPS',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const secure = mesh.gateways.flatMap(({ servers }) =>
      servers.filter(({ protocol }) => protocol === 'HTTPS' || protocol === 'TLS'),
    );
    for (const server of redirecting(mesh)) {
      const alone = server.hosts.filter(
        ({ host }) =>
          !secure.some(
            (other) => sharePods(server, other) && other.hosts.some((served) => hostsOverlap(served.host, host)),
          ) && !isServedUnread(mesh, server.gateway.ref, host, 443),
      );
      for (const { host, path } of alone) {
        report({
          object: server.gateway.object,
          path: server.tls === undefined ? path : `${server.tls.path}.httpsRedirect`,
          message: `Every request for ${host} on port ${server.port.number} is redirected to https://, and no server of the manifests serves ${host} with TLS. Unless the cluster has one, clients cannot follow the redirect; if a load balancer in front terminates TLS, they are redirected forever.`,
          help: `Add a server with 'number: 443', 'protocol: HTTPS', the same host and a tls with 'mode: SIMPLE' and a credentialName; or remove httpsRedirect.`,
        });
      }
    }
  },
};

function redirecting(mesh: MeshModel): readonly Server[] {
  return mesh.gateways.flatMap(({ servers }) =>
    servers.filter(({ protocol, tls }) => protocol === 'HTTP' && tls?.httpsRedirect === true),
  );
}

/** Whether some pods may obey both. */
function sharePods(a: Server, b: Server): boolean {
  return selects(a.gateway.selector, b.gateway.selector) || selects(b.gateway.selector, a.gateway.selector);
}
