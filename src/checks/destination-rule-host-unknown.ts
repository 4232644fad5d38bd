/*
 * A DestinationRule for a host that neither a Service nor a ServiceEntry has: it never acts. As with destinations, certain only
 * for a Service's name cut short.
 */
import { isWildcard } from '../mesh/hosts';
import { nameOf } from '../mesh/object';
import type { Check } from './check';
import { Severity } from './finding';
import { missingHost, whyMissing } from './shared/missing-host';
import { servicesOf } from './shared/registry-lookup';

export const destinationRuleHostUnknown: Check = {
  id: 'destination-rule-host-unknown',
  title: 'A DestinationRule is for a host that does not exist',
  severity: Severity.WARNING,
  istio: ['IST0174'],
  kiali: ['KIA0202'],
  run(mesh, report) {
    for (const { object, host, writtenHost } of mesh.destinationRules) {
      // What a wildcard may mean is the cluster's to say.
      if (host === '' || isWildcard(host) || servicesOf(mesh, host).length > 0) {
        continue;
      }
      const missing = missingHost(mesh, writtenHost, host, object.namespace);
      if (missing !== undefined) {
        report({
          object,
          path: 'spec.host',
          severity: missing.severity,
          message: `${nameOf(object)} is for ${host}. ${whyMissing(missing, 'it has no effect')}`,
          help: missing.help,
        });
      }
    }
  },
};
