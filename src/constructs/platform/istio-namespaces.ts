import type { Construct } from 'constructs';
import { manifestObject } from '../objects/manifest-object';
import type { PodSecurityLevel } from './mesh-namespace';

/**
 * The namespaces of the platform, each with the strictest Pod Security Standard that all its pods keep to. One after the other, so
 * that what comes after the last comes after all.
 */
export function addNamespaces(scope: Construct, levels: ReadonlyMap<string, PodSecurityLevel>): void {
  const namespaces = [...levels].map(([name, level]) =>
    manifestObject(scope, name, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': level } },
    }),
  );
  for (const [index, namespace] of namespaces.slice(1).entries()) {
    namespace.addDependency(namespaces[index]);
  }
}
