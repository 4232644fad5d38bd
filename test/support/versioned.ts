/*
 * A service to route to, for tests that are about the routing.
 */
import type { Chart } from 'cdk8s';
import { type ServiceVersion, VersionedService, type VersionedServiceProps } from 'cdk8s-versioned-mesh';

/** A service with versions v1 and v2, and v1 as the default: two props of a mesh at once. */
export function versioned(
  chart: Chart,
  id = 'apis',
  props: VersionedServiceProps = {},
): { service: VersionedService; defaultVersion: ServiceVersion } {
  const service = new VersionedService(chart, id, props);
  const defaultVersion = service.addVersion('v1', { image: `${id}:1` });
  service.addVersion('v2', { image: `${id}:2` });
  return { service, defaultVersion };
}
