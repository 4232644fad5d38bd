import type { Construct } from 'constructs';
import { manifestObject } from '../objects/manifest-object';
import type { PodSecurityLevel } from './mesh-namespace';

/** The namespaces of the platform, each with the strictest Pod Security Standard that all its pods keep to. */
export function addNamespaces(scope: Construct, levels: ReadonlyMap<string, PodSecurityLevel>): void {
  for (const [name, level] of levels) {
    manifestObject(scope, name, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': level } },
    });
  }
}
