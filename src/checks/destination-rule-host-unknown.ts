/*
 * A DestinationRule for a host that neither a Service nor a ServiceEntry has: it never acts. As with destinations, certain only
 * for a Service's name cut short.
 */
import { isWildcard } from '../mesh/hosts';
import { nameOf } from '../mesh/object';
import type { Check } from './check';
import { Severity } from './finding';
import { explainMissingHost, isKnownHost } from './shared/registry-lookup';

export const destinationRuleHostUnknown: Check = {
  id: 'destination-rule-host-unknown',
  title: 'A DestinationRule is for a host that does not exist',
  severity: Severity.WARNING,
  istio: ['IST0174'],
  kiali: ['KIA0202'],
  run(mesh, report) {
    for (const { object, host, writtenHost } of mesh.destinationRules) {
      // What a wildcard may mean is the cluster's to say.
      if (host === '' || isWildcard(host) || isKnownHost(mesh, host)) {
        continue;
      }
      const { severity, why, help } = explainMissingHost(mesh, writtenHost, host, object.namespace);
      report({
        object,
        path: 'spec.host',
        severity,
        message: `${nameOf(object)} is for ${host} and has no effect: ${why}.`,
        help,
      });
    }
  },
};
