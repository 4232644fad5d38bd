/*
 * Backends that are spoken to in HTTP/2: Node's server reads the frames, and what it received is told as for HTTP/1.1.
 */
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Received } from './journal';

/** The first bytes of every connection in HTTP/2 (RFC 9113, 3.4), as far as no method of HTTP/1.1 begins so. */
const PREFACE = 'PRI * HTTP/2';

export function speaksHttp2(firstBytes: Buffer): boolean {
  return firstBytes.subarray(0, PREFACE.length).toString('latin1') === PREFACE;
}

/** What a request itself says. */
type Told = Pick<Received, 'method' | 'target' | 'headers' | 'httpVersion'>;

/** A request, and the way to answer it. */
export type OnRequest = (
  received: Told,
  answer: (status: number, headers: { readonly [name: string]: string }) => void,
) => void;

export function serveHttp2(socket: Socket, onRequest: OnRequest): void {
  const server = createServer();
  server.on('sessionError', () => socket.destroy());
  // Node's types leave the fourth out.
  const onStream = (stream: ServerHttp2Stream, _: IncomingHttpHeaders, __: number, rawHeaders: readonly string[]) => {
    stream.on('error', () => stream.destroy());
    onRequest(readHeaders(rawHeaders), (status, headers) => respond(stream, status, headers));
  };
  server.on('stream', onStream as (stream: ServerHttp2Stream) => void);
  server.emit('connection', socket);
}

function respond(stream: ServerHttp2Stream, status: number, headers: { readonly [name: string]: string }): void {
  if (!stream.destroyed && !stream.closed) {
    stream.respond({ ':status': status, ...headers }, { endStream: true });
  }
}

/** The authority as HTTP/1.1 calls it, so that nobody has to ask by which of the two a request came. */
function readHeaders(raw: readonly string[]): Told {
  const all = Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index], raw[2 * index + 1]] as const);
  const pseudo = new Map(all.filter(([name]) => name.startsWith(':')));
  const authority = pseudo.get(':authority');
  const host = authority === undefined ? [] : [['host', authority] as const];
  return {
    method: pseudo.get(':method') ?? '',
    target: pseudo.get(':path') ?? '',
    headers: [...host, ...all.filter(([name]) => !name.startsWith(':'))],
    httpVersion: '2',
  };
}
