/*
 * A short name among the hosts of a Gateway, which Istio refuses: a Gateway does not complete names.
 */

import { nameOf } from '../../manifests/object';
import { serviceHost } from '../../model/naming';
import type { Check } from '../check';
import { Severity } from '../finding';

export const gatewayShortHost: Check = {
  id: 'gateway-short-host',
  title: 'A Gateway serves a short host name',
  severity: Severity.ERROR,
  istio: ['IST0106'],
  kiali: [],
  run(mesh, report) {
    for (const { object, servers } of mesh.gateways) {
      for (const { host, path } of servers.flatMap((server) => server.hosts)) {
        if (!/^[\w-]+$/.test(host)) {
          continue;
        }
        const full = serviceHost(host, object.namespace, mesh.clusterDomain);
        report({
          object,
          path,
          message: `'${host}' is a short name. A Gateway does not complete names, and Istio refuses ${nameOf(object)} because of it.`,
          help: `Write the name that clients ask for, as in ${host}.example.com${mesh.servicesOf(full).length > 0 ? ` or ${full}` : ''}.`,
        });
      }
    }
  },
};
