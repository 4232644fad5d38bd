/*
 * What arrived at backends, by the id that a proxy gives each request: all attempts at it, and all its copies for mirrors.
 */

/** A request as a backend received it. */
export interface Received {
  /** Loopback port of the backend. */
  readonly backend: number;
  /** Loopback address at which it was reached. */
  readonly at: string;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The name that the client of a TLS connection asked for; empty for TLS without a name, absent without TLS. */
  readonly sni?: string;
  readonly httpVersion: '1.1' | '2';
}

interface Entry {
  attempts: number;
  readonly copies: Received[];
}

export const REQUEST_ID_HEADER = 'x-request-id';

export class Journal {
  private readonly entries = new Map<string, Entry>();

  /** Writes down an arrival, and says which attempt at its request it is, from 1; undefined for a copy. */
  public note(received: Received): number | undefined {
    const id = requestIdOf(received);
    const entry = (id === undefined ? undefined : this.entries.get(id)) ?? { attempts: 0, copies: [] };
    if (id !== undefined) {
      this.entries.set(id, entry);
    }
    if (isCopy(received)) {
      entry.copies.push(received);
      return undefined;
    }
    entry.attempts++;
    return entry.attempts;
  }

  public attempts(id: string): number {
    return this.entries.get(id)?.attempts ?? 0;
  }

  public copies(id: string): readonly Received[] {
    return this.entries.get(id)?.copies ?? [];
  }

  public clear(): void {
    this.entries.clear();
  }
}

export function requestIdOf({ headers }: Pick<Received, 'headers'>): string | undefined {
  return headers.find(([name]) => name === REQUEST_ID_HEADER)?.[1];
}

/** Envoy marks the copies that it makes for mirrors by their authority. */
function isCopy({ headers }: Received): boolean {
  const authority = headers.find(([name]) => name === 'host')?.[1] ?? '';
  return /-shadow(:\d+)?$/.test(authority);
}
