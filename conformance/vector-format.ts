/*
 * The short form in which recorded requests and answers stand in a file: what goes without saying is left out.
 */
import { OF_PROXIES } from './compare-arrival';
import type { Ask } from './manifest';
import type { Arrival, Observation } from './observation';

/** The authority, and whatever is unlike a plain GET of `/` on port 80 of that host. */
export interface CompactAsk extends Partial<Omit<Ask, 'authority' | 'headers'>> {
  readonly authority: string;
  /** Each a line `name: value`. */
  readonly headers?: readonly string[];
}

/** An arrival, as far as it is unlike the request as it was sent. */
export interface CompactArrival extends Partial<Omit<Arrival, 'headers' | 'workload' | 'port'>> {
  /** `namespace/workload:port` */
  readonly at: string;
  readonly headers?: readonly string[];
}

export type CompactObservation =
  | 'refused'
  | { readonly closed: string }
  | { readonly unloaded: string }
  | {
      /** 200 where it is missing. */
      readonly status?: number;
      readonly flags?: string;
      readonly route?: string;
      readonly location?: string;
      readonly grpcStatus?: string;
      readonly body?: string;
      readonly received?: CompactArrival;
      /** Missing where it is 1 and a backend answered, or 0 and none did. */
      readonly attempts?: number | null;
      readonly copies?: readonly CompactArrival[];
    };

export function packAsk({ authority, headers, ...ask }: Ask): CompactAsk {
  const usual = usualAsk(authority);
  const rest = Object.entries(ask).filter(([key, value]) => value !== usual[key as keyof typeof usual]);
  return { authority, ...Object.fromEntries(rest), ...(headers.length === 0 ? {} : { headers: linesOf(headers) }) };
}

export function unpackAsk({ headers = [], ...rest }: CompactAsk): Ask {
  return { ...usualAsk(rest.authority), ...rest, headers: headers.map(headerOf) };
}

function usualAsk(authority: string) {
  const connectHost = authority.replace(/:\d+$/, '').toLowerCase();
  return { method: 'GET', scheme: 'http', connectHost, port: 80, target: '/' } as const;
}

export function packSeen(ask: Ask, seen: Observation): CompactObservation {
  switch (seen.kind) {
    case 'refused':
      return 'refused';
    case 'closed':
      return { closed: seen.reason };
    case 'unloaded':
      return { unloaded: seen.reason };
    default: {
      const { status, flags, route, location, grpcStatus, body, received, attempts, copies } = seen;
      return {
        status: status === 200 ? undefined : status,
        flags,
        route,
        location,
        grpcStatus,
        body: body === '' ? undefined : body,
        received: received && packArrival(ask, received),
        attempts: attempts === usualAttempts(received) ? undefined : (attempts ?? null),
        copies: copies?.map((copy) => packArrival(ask, copy)),
      };
    }
  }
}

export function unpackSeen(ask: Ask, seen: CompactObservation): Observation {
  if (seen === 'refused') {
    return { kind: 'refused' };
  }
  if ('closed' in seen) {
    return { kind: 'closed', reason: seen.closed };
  }
  if ('unloaded' in seen) {
    return { kind: 'unloaded', reason: seen.unloaded };
  }
  const { status = 200, flags, route, location, grpcStatus, body = '', attempts } = seen;
  const received = seen.received && unpackArrival(ask, seen.received);
  return {
    kind: 'http',
    ...{ status, flags, route, location, grpcStatus, body, received },
    attempts: attempts === undefined ? usualAttempts(received) : (attempts ?? undefined),
    copies: seen.copies?.map((copy) => unpackArrival(ask, copy)),
  };
}

function usualAttempts(received: Arrival | undefined): number {
  return received === undefined ? 0 : 1;
}

function packArrival(ask: Ask, { workload, port, method, target, headers, ...rest }: Arrival): CompactArrival {
  const lines = linesOf(headers.filter(([name]) => !OF_PROXIES.has(name)));
  return {
    at: `${workload}:${port}`,
    ...rest,
    ...(method === ask.method ? {} : { method }),
    ...(target === ask.target ? {} : { target }),
    ...(JSON.stringify(lines) === JSON.stringify(linesOf(usualHeaders(ask))) ? {} : { headers: lines }),
  };
}

function unpackArrival(ask: Ask, { at, headers, ...rest }: CompactArrival): Arrival {
  const colon = at.lastIndexOf(':');
  return {
    ...{ workload: at.slice(0, colon), port: Number(at.slice(colon + 1)), method: ask.method, target: ask.target },
    ...rest,
    headers: headers?.map(headerOf) ?? usualHeaders(ask),
  };
}

/** Those of a request that arrives as it was sent, but for what proxies add. */
function usualHeaders({ authority, headers }: Ask): Arrival['headers'] {
  const lower = headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  return [['host', authority], ...lower.filter(([name]) => !OF_PROXIES.has(name))];
}

function linesOf(headers: Arrival['headers']): readonly string[] {
  return headers.map(([name, value]) => `${name}: ${value}`);
}

function headerOf(line: string): readonly [string, string] {
  const colon = line.indexOf(': ');
  return [line.slice(0, colon), line.slice(colon + 2)];
}
