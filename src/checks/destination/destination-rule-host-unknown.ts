/*
 * A DestinationRule for a host that neither a Service nor a ServiceEntry has: it never acts. As with destinations, certain only
 * for a Service's name cut short. Neither does one for an ExternalName act: Istio makes no cluster for it (`buildOutboundClusters`
 * leaves out what is an alias), and sends requests to the cluster of the host that it stands for.
 */

import { nameOf } from '../../manifests/object';
import { isWildcard } from '../../syntax/hosts';
import type { Check } from '../check';
import { Severity } from '../finding';
import { existsElsewhere } from '../shared/exists-elsewhere';
import { missingHost, whyMissing } from '../shared/missing-host';

export const destinationRuleHostUnknown: Check = {
  id: 'destination-rule-host-unknown',
  title: 'A DestinationRule is for a host that does not exist',
  severity: Severity.WARNING,
  istio: ['IST0174'],
  kiali: ['KIA0202'],
  run(mesh, report) {
    for (const { object, host, writtenHost } of mesh.destinationRules) {
      // Only the cluster knows which hosts a wildcard covers.
      if (host === '' || isWildcard(host)) {
        continue;
      }
      const [service] = mesh.servicesOf(host);
      const target = service?.service?.externalName;
      if (target !== undefined) {
        report({
          object,
          path: 'spec.host',
          istio: [],
          kiali: [],
          message: `${nameOf(object)} is for ${host}. ${nameOf(service.object)} is an ExternalName for ${target}. Istio uses the DestinationRules of ${target}, so this one has no effect.`,
          help: `Write 'host: ${target}'.`,
        });
      }
      if (service !== undefined) {
        continue;
      }
      const missing = missingHost(mesh, writtenHost, host, object.namespace);
      if (
        missing !== undefined &&
        (missing.severity === Severity.ERROR || !existsElsewhere(object, writtenHost, host))
      ) {
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
