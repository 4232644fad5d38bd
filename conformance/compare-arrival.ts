/*
 * Whether a request arrived as it was predicted to: its method, path, headers and version of HTTP, or its handshake.
 */
import { isIP } from 'node:net';
import type { RouteDestination } from '../src/envoy/destination';
import type { Ask } from './manifest';
import type { Arrival } from './observation';

/** TLS that no proxy has ended arrives with the name that the client gave, which is none for an address. */
export function unlikeHandshake({ connectHost, scheme }: Ask, arrived: Arrival | undefined): string | undefined {
  const name = scheme === 'http' ? undefined : isIP(connectHost) === 0 ? connectHost : '';
  return arrived?.sni === undefined || arrived.sni === name
    ? undefined
    : `the name for TLS was ${quoted(arrived.sni)}, not ${quoted(name)}`;
}

/** Headers that proxies add or change on their own, about which the simulator says nothing. */
export const OF_PROXIES = new Set([
  'x-forwarded-proto',
  'x-forwarded-for',
  'x-forwarded-client-cert',
  'x-request-id',
  'x-envoy-attempt-count',
  'x-envoy-internal',
  'x-envoy-original-path',
  'x-envoy-original-host',
  'x-envoy-decorator-operation',
  'x-envoy-expected-rq-timeout-ms',
  'x-envoy-external-address',
  'content-length',
  'transfer-encoding',
]);

export function unlikeRequest(destination: RouteDestination, arrived: Arrival): string | undefined {
  const { method, path, authority, headers, httpVersion } = destination.request;
  if (arrived.httpVersion !== undefined && arrived.httpVersion !== httpVersion) {
    return `it arrived in HTTP/${arrived.httpVersion}, not ${httpVersion === undefined ? 'unread' : `HTTP/${httpVersion}`}`;
  }
  if (arrived.method !== method) {
    return `its method was ${arrived.method}, not ${method}`;
  }
  if (arrived.target !== path) {
    return `its path was ${arrived.target}, not ${path}`;
  }
  const received = joined(arrived.headers);
  if (received.get('host') !== authority) {
    return `its authority was ${received.get('host') ?? 'missing'}, not ${authority}`;
  }
  received.delete('host');
  const names = new Set([...received.keys(), ...Object.keys(headers)]);
  for (const name of [...names].filter((each) => !OF_PROXIES.has(each)).sort()) {
    const value = Object.hasOwn(headers, name) ? legible(headers[name], arrived.httpVersion) : undefined;
    if (received.get(name) !== value && !isRestOfTime(name, received.get(name), value)) {
      return `its header ${name} was ${quoted(received.get(name))}, not ${quoted(value)}`;
    }
  }
  return undefined;
}

/** What is read of a value with space around it: HTTP/1.1 takes that away, and Node leaves out the whole (RFC 9113, 8.2.1). */
function legible(value: string, httpVersion: Arrival['httpVersion']): string | undefined {
  const trimmed = value.trim();
  return httpVersion === '2' && trimmed !== value ? undefined : trimmed;
}

/** Of its time, a call that was tried before has less left. */
function isRestOfTime(name: string, actual: string = '', expected: string = ''): boolean {
  const [, rest, unit] = /^(\d+)([HMSmun])$/.exec(actual) ?? [];
  const [, whole, itsUnit] = /^(\d+)([HMSmun])$/.exec(expected) ?? [];
  return name === 'grpc-timeout' && unit !== undefined && unit === itsUnit && Number(rest) <= Number(whole);
}

function joined(headers: Arrival['headers']): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of headers) {
    const known = all.get(name);
    all.set(name, known === undefined ? value : `${known},${value}`);
  }
  return all;
}

export function quoted(value: string | undefined): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
