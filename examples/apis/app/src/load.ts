import { setTimeout as pause } from 'node:timers/promises';
import { builtIn } from './built-in';
import type { Directory } from './directory';
import { log } from './log';
import { type Fetched, fetchEntries, type Upstream } from './upstream';

/**
 * How long to wait before each further try. A sidecar may let no request out until it is ready, some seconds after the app:
 * a first try that fails says little. After two minutes or so there is something wrong that more tries do not mend.
 */
const RETRY_AFTER_MS = [1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000];

export interface LoadOptions {
  /** A pause before each further try, in order; as many tries as there are pauses. */
  readonly retryAfterMs?: readonly number[];
  /** Ends the tries. */
  readonly signal?: AbortSignal;
}

/**
 * Hands over the directory to answer from: upstream's, or the built-in one if there is no upstream or it is of no use at
 * first, and then upstream's as soon as it is. Returns when there is nothing more to come. Never rejects.
 */
export async function loadDirectory(
  upstream: Upstream | undefined,
  use: (directory: Directory) => void,
  { retryAfterMs = RETRY_AFTER_MS, signal }: LoadOptions = {},
): Promise<void> {
  if (!upstream) {
    log('entries loaded', { source: builtIn.source, count: builtIn.entries.length });
    use(builtIn);
    return;
  }
  // Without the query, which is where some put a key.
  const url = upstream.url.origin + upstream.url.pathname;
  const loaded = ({ entries, malformed }: Fetched) => {
    log('entries loaded', { source: 'upstream', url, count: entries.length, malformed });
    use({ source: 'upstream', entries });
  };
  try {
    loaded(await fetchEntries(upstream));
    return;
  } catch (error) {
    const source = { source: builtIn.source, count: builtIn.entries.length };
    log('upstream failed, falling back', { url, reason: reasonOf(error), ...source });
    use(builtIn);
  }
  for (const ms of retryAfterMs) {
    if (!(await paused(ms, signal))) {
      return;
    }
    try {
      loaded(await fetchEntries(upstream));
      return;
    } catch (error) {
      log('upstream failed again', { url, reason: reasonOf(error) });
    }
  }
}

/** Whether the pause came to its end. */
async function paused(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await pause(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
