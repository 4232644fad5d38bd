/*
 * Sends a request exactly as it is written, over a socket of its own, and reads what comes back.
 */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Certificate } from './certificate';
import { sendInHttp2 } from './client-http2';
import { readHttpHead, statusIn } from './http-head';
import type { Ask } from './manifest';

/** What a client sees. */
export type Reply =
  | { readonly kind: 'refused' }
  | { readonly kind: 'closed'; readonly reason: string }
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly headers: ReadonlyMap<string, string>;
      /** All headers `set-cookie` of HTTP/1.1, of which there may be several. */
      readonly cookies?: readonly string[];
      readonly body: string;
    };

const PATIENCE_MILLIS = 20_000;

/** Why a connection counts as closed that is not: nobody waits for ever. */
export const NO_ANSWER = 'no answer in time';

/** How a client gets to the proxy. */
export interface Way {
  /**
   * Of the loopback interface.
   *
   * @default 127.0.0.1
   */
  readonly address?: string;
  readonly port: number;
  /** Bytes to be sent before all others, such as a PROXY protocol header. */
  readonly preface: string;
  /** Shown to servers that want a certificate of their clients; undefined for a client that has none. */
  readonly identity: Pick<Certificate, 'certificate' | 'key'> | undefined;
}

export function send(ask: Ask, { address = '127.0.0.1', port, preface, identity }: Way): Promise<Reply> {
  return new Promise((settle) => {
    const plain = connect({ host: address, port, noDelay: true });
    let socket: Socket = plain;
    let text = '';
    const finish = (reply: Reply) => {
      clearTimeout(timer);
      settle(reply);
      socket.destroy();
    };
    const timer = setTimeout(() => finish({ kind: 'closed', reason: NO_ANSWER }), PATIENCE_MILLIS);
    const fail = (error: NodeJS.ErrnoException) =>
      finish(
        error.code === 'ECONNREFUSED' ? { kind: 'refused' } : { kind: 'closed', reason: error.code ?? error.message },
      );
    const speakHttp1 = () => {
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        const reply = readReply(text, ask.method);
        if (reply !== undefined) {
          finish(reply);
        }
      });
      socket.write(requestText(ask), 'latin1');
    };
    // Over TLS the server chooses; in clear, the client must know (RFC 9113, 3.3).
    const speak = () =>
      ask.httpVersion === '2' && (socket === plain || (socket as TLSSocket).alpnProtocol === 'h2')
        ? sendInHttp2(socket, ask, finish)
        : speakHttp1();
    const listen = () => {
      socket.on('error', fail);
      socket.on('close', () => finish({ kind: 'closed', reason: 'closed' }));
    };
    plain.on('connect', () => {
      if (preface !== '') {
        plain.write(preface);
      }
      if (ask.scheme === 'https') {
        const { certificate: cert, key } = identity ?? {};
        // A client that has only an address names nobody (RFC 6066).
        const servername = isIP(ask.connectHost) === 0 ? ask.connectHost : '';
        const alpn = ask.httpVersion === '2' ? { ALPNProtocols: ['h2', 'http/1.1'] } : {};
        socket = connectTls({ socket: plain, servername, cert, key, rejectUnauthorized: false, ...alpn });
        socket.on('secureConnect', speak);
        listen();
      } else {
        speak();
      }
    });
    if (ask.scheme === 'http') {
      listen();
    } else {
      plain.on('error', fail);
    }
  });
}

export function requestText({ method, target, authority, headers }: Ask): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${target} HTTP/1.1`, `host: ${authority}`, ...lines, '', ''].join('\r\n');
}

/** The answer, once it is there in full. */
function readReply(text: string, method: string): Reply | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) {
    return undefined;
  }
  const head = readHttpHead(text.slice(0, end));
  const headers = new Map(head.headers);
  const body = text.slice(end + 4);
  const length = Number(headers.get('content-length') ?? 0);
  if (method !== 'HEAD' && body.length < length) {
    return undefined;
  }
  const cookies = head.headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value);
  return { kind: 'http', status: statusIn(head), headers, cookies, body: body.slice(0, length) };
}
