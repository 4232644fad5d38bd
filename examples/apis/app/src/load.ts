import { builtIn } from './built-in';
import type { Directory } from './directory';
import { log } from './log';
import { fetchEntries, type Upstream } from './upstream';

/** The directory to answer from: upstream's, or the built-in one if there is no upstream or it is of no use. Never rejects. */
export async function loadDirectory(upstream: Upstream | undefined): Promise<Directory> {
  if (!upstream) {
    log('entries loaded', { source: builtIn.source, count: builtIn.entries.length });
    return builtIn;
  }
  // Without the query, which is where some put a key.
  const url = upstream.url.origin + upstream.url.pathname;
  try {
    const { entries, malformed } = await fetchEntries(upstream);
    log('entries loaded', { source: 'upstream', url, count: entries.length, malformed });
    return { source: 'upstream', entries };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log('upstream failed, falling back', { url, reason, source: builtIn.source, count: builtIn.entries.length });
    return builtIn;
  }
}
