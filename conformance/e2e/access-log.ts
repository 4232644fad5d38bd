/*
 * The access log of the run's Envoy: which proxy sent a request on, whereto, and what came of it.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { EnvoyJson } from '../control-plane';

export interface LoggedRequest {
  /** The proxy, by its index among those of the run. */
  readonly proxy: number;
  /** As in `3 outbound|5000|v1|helloworld.helloworld.svc.cluster.local`; null where Envoy answered by itself. */
  readonly cluster: string | null;
  /** The address on the loopback interface that answered. */
  readonly upstream: string | null;
  readonly status: number;
}

/** What has an HTTP connection manager of a proxy write it. */
export function accessLogOf(proxy: number, file: string): EnvoyJson {
  return {
    name: 'envoy.access_loggers.file',
    typedConfig: {
      '@type': 'type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog',
      path: file,
      logFormat: {
        jsonFormat: {
          proxy,
          cluster: '%UPSTREAM_CLUSTER_RAW%',
          upstream: '%UPSTREAM_HOST%',
          status: '%RESPONSE_CODE%',
        },
      },
    },
  };
}

/** All that has been written by now, but for a line that is not whole yet. */
export function readAccessLog(file: string): readonly LoggedRequest[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LoggedRequest);
}
