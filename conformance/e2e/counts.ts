/*
 * The traffic by version, as the Prometheus of the platform has counted it, held against what was sent.
 */
import { isDeepStrictEqual } from 'node:util';
import { until } from '../program';
import type { Deployment } from './deployment';
import type { System } from './systems';

export interface Count {
  readonly query: string;
  readonly seen: string;
  readonly complaints: readonly string[];
}

interface ByVersion {
  readonly [version: string]: number;
}

/** For each namespace that requests were for. */
export async function countsByVersion(deployment: Deployment, { requests }: System): Promise<readonly Count[]> {
  const workloads = requests.flatMap(({ expected }) => (expected === 'refused' ? [] : [expected.workload]));
  const namespaces = new Set(workloads.map((workload) => workload.split('/')[0]));
  return Promise.all([...namespaces].map((namespace) => countsIn(namespace, deployment, requests)));
}

async function countsIn(namespace: string, deployment: Deployment, requests: System['requests']): Promise<Count> {
  const query = `sum by (destination_version) (istio_requests_total{destination_service_namespace="${namespace}"})`;
  const sent: { [version: string]: number } = {};
  for (const { expected, times = 1 } of requests) {
    if (expected !== 'refused' && expected.workload.startsWith(`${namespace}/`)) {
      const version = deployment.versionOf(expected.workload);
      sent[version] = (sent[version] ?? 0) + times;
    }
  }
  let counted: ByVersion = {};
  const isCounted = async () => {
    counted = await deployment.query(query);
    return isDeepStrictEqual(counted, sent);
  };
  const complaints = await until('Prometheus has counted what was sent', isCounted).then(
    () => [],
    () => [`there were sent: ${shown(sent)}`],
  );
  return { query, seen: shown(counted), complaints };
}

function shown(counts: ByVersion): string {
  const versions = Object.keys(counts).sort();
  return versions.map((version) => `${version} ${counts[version]}`).join(', ') || 'nothing';
}
