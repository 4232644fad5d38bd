import { readPort, StartError } from './server';
import type { Upstream } from './upstream';

export interface Settings {
  readonly port: number;
  readonly version: string;
  readonly upstream?: Upstream;
}

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_TIMEOUT_MS = 60_000;

/** A variable that is empty counts as one that is not set. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const url = readUrl(env.APIS_URL);
  const timeoutMs = readTimeout(env.APIS_TIMEOUT_MS);
  return {
    port: readPort(env.PORT, 8000),
    version: readVersion(env.APP_VERSION),
    upstream: url && { url, timeoutMs, maxBytes: MAX_BYTES },
  };
}

function readVersion(value: string | undefined): string {
  if (!value) {
    return 'v1';
  }
  if (!/^[A-Za-z0-9][-A-Za-z0-9_.]{0,62}$/.test(value)) {
    throw new StartError(
      `APP_VERSION is ${JSON.stringify(value)}, and it is sent as a header: at most 63 letters, digits, '-', '_' and '.', ` +
        'beginning with a letter or digit; write something like APP_VERSION=v2.',
    );
  }
  return value;
}

function readUrl(value: string | undefined): URL | undefined {
  if (!value) {
    return undefined;
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new StartError(
      `APIS_URL is ${JSON.stringify(value)}, and that is not an absolute http or https URL; ` +
        'write something like APIS_URL=https://example.com/entries, or leave it out for the built-in entries.',
    );
  }
  if (url.username || url.password) {
    throw new StartError(
      'APIS_URL carries a user name or password, and a request cannot be made to such a URL; leave out what is before the @.',
    );
  }
  return url;
}

function readTimeout(value: string | undefined): number {
  if (!value) {
    return 3000;
  }
  const timeoutMs = Number(value);
  if (!/^\d+$/.test(value) || timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
    throw new StartError(
      `APIS_TIMEOUT_MS is ${JSON.stringify(value)}, and it is a whole number of milliseconds from 1 to ${MAX_TIMEOUT_MS}; ` +
        'write APIS_TIMEOUT_MS=3000, or leave it out, which means the same.',
    );
  }
  return timeoutMs;
}
