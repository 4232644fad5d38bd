/*
 * The DestinationRules that may be for a host, whoever sees them.
 */
import { groupBy } from '../syntax/grouping';
import { mostSpecific } from '../syntax/hosts';
import type { DestinationRule } from './destination-rule';
import type { MeshModel } from './model';
import { perMesh } from './per-mesh';

export interface RulesForHost {
  /** Those of the most specific host. */
  readonly nearest: readonly DestinationRule[];
  /** Those and all whose wildcard covers the host. */
  readonly anywhere: readonly DestinationRule[];
}

const rulesByHost = perMesh((mesh) => groupBy(mesh.destinationRules, ({ host }) => host));
const knownRules = perMesh(() => new Map<string, RulesForHost>());

export function rulesForHost(mesh: MeshModel, host: string): RulesForHost {
  const known = knownRules(mesh);
  let found = known.get(host);
  if (found === undefined) {
    const index = rulesByHost(mesh);
    const wildcards = Array.from({ length: host.length + 1 }, (_, start) => `*${host.slice(start)}`);
    const anywhere = [host, ...wildcards].flatMap((name) => index.get(name) ?? []);
    found = { nearest: mostSpecific(host, index) ?? [], anywhere };
    known.set(host, found);
  }
  return found;
}
