/*
 * Entries from somewhere else, which is not to be trusted: it may be gone, slow, endless, or answer something else
 * altogether. Whatever it does becomes entries or one error, within a bounded time and a bounded amount of memory.
 */
import { types } from 'node:util';
import type { Entry } from './directory';

export interface Upstream {
  readonly url: URL;
  /** For everything together: connecting, redirects, the body to its last byte. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface Fetched {
  readonly entries: readonly Entry[];
  /** How many were left out because they are not entries. */
  readonly malformed: number;
}

export async function fetchEntries(upstream: Upstream): Promise<Fetched> {
  const signal = AbortSignal.timeout(upstream.timeoutMs);
  try {
    const response = await fetch(upstream.url, { signal, headers: { accept: 'application/json' } });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`it answered ${response.status}`);
    }
    return parseEntries(await readBody(response, upstream.maxBytes));
  } catch (error) {
    throw new Error(signal.aborted ? `no complete answer within ${upstream.timeoutMs} ms` : reasonOf(error));
  }
}

/** Counts while it reads, because a Content-Length may be missing, wrong, or that of the compressed body. */
async function readBody(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new Error(`its body is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function parseEntries(text: string): Fetched {
  const candidates = entriesOf(parseJson(text));
  const entries = candidates.map(toEntry).filter((entry) => entry !== undefined);
  if (entries.length === 0) {
    throw new Error(`none of its ${candidates.length} entries has a name under "API"`);
  }
  return { entries, malformed: candidates.length - entries.length };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('its body is not JSON');
  }
}

function entriesOf(body: unknown): unknown[] {
  if (!isRecord(body) || !Array.isArray(body.entries)) {
    throw new Error('its body is not of the form {"entries": [{"API": "…"}]}');
  }
  return body.entries;
}

/** Its four fields and no others. Only the name is required, and what is there must be text. */
function toEntry(candidate: unknown): Entry | undefined {
  if (!isRecord(candidate)) {
    return undefined;
  }
  const { API, Description = '', Link = '', Category = '' } = candidate;
  if (!isText(API) || API === '' || !isText(Description) || !isText(Link) || !isText(Category)) {
    return undefined;
  }
  return { API, Description, Link, Category };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** `fetch` itself only says that it failed; what happened is in the cause, which may have a code and no message. */
function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) {
    return String(error);
  }
  const cause = error.cause;
  if (!types.isNativeError(cause)) {
    return error.message;
  }
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}
