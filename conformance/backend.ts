/*
 * The backends: one process, one loopback port for each address of each mesh. Each answers with what it received, byte for
 * byte, so HTTP/1.1 is read here by hand. They speak TLS and HTTP/2 with those who do. A backend listens on all of 127.0.0.0/8,
 * and says at which address it was reached.
 */
import { STATUS_CODES } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import { type OnRequest, serveHttp2, speaksHttp2 } from './backend-http2';
import type { Certificate } from './certificate';
import { readHttpHead } from './http-head';
import { type Journal, REQUEST_ID_HEADER, type Received } from './journal';

export class Backends {
  private readonly servers = new Map<number, Server>();
  private readonly failing = new Set<number>();

  public constructor(
    private readonly certificate: Certificate,
    private readonly journal: Journal,
  ) {}

  /** Makes sure that there are backends on these ports. */
  public async open(ports: Iterable<number>): Promise<void> {
    for (const port of ports) {
      if (!this.servers.has(port)) {
        const { certificate: cert, key } = this.certificate;
        const secure = createTlsServer({ cert, key, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) =>
          onFirstBytes(socket, (chunk) => this.serve(socket, chunk, port, sniOf(socket))),
        );
        secure.on('tlsClientError', (_, socket) => socket.destroy());
        const server = createServer((socket) => this.welcome(socket, port, secure));
        await listen(server, port);
        this.servers.set(port, server);
      }
    }
  }

  /** Has the backend at a port answer all with 503. */
  public fail(port: number): void {
    this.failing.add(port);
  }

  /** Has nobody listen at a port. */
  public async remove(port: number): Promise<void> {
    const server = this.servers.get(port);
    this.servers.delete(port);
    await new Promise((settle) => (server === undefined ? settle(undefined) : server.close(settle)));
  }

  public close(): void {
    for (const server of this.servers.values()) {
      server.close();
    }
  }

  /** The first bytes tell what a client speaks: TLS, HTTP/2 or HTTP/1.1. */
  private welcome(socket: Socket, backend: number, secure: TlsServer): void {
    onFirstBytes(socket, (chunk) => {
      if (chunk[0] === TLS_HANDSHAKE) {
        secure.emit('connection', socket);
      } else {
        this.serve(socket, chunk, backend);
      }
    });
  }

  private serve(socket: Socket, firstBytes: Buffer, backend: number, sni?: string): void {
    const connection = { backend, at: socket.localAddress ?? '', ...(sni === undefined ? {} : { sni }) };
    const onRequest: OnRequest = (received, write) => this.answer(socket, { ...received, ...connection }, write);
    if (speaksHttp2(firstBytes)) {
      serveHttp2(socket, onRequest);
    } else {
      serveHttp1(socket, onRequest);
    }
  }

  private answer(socket: Socket, received: Received, write: Parameters<OnRequest>[1]): void {
    const attempt = this.journal.note(received);
    const behaviour = attempt === undefined ? WELL_BEHAVED : behaviourOf(received);
    const fails = this.failing.has(received.backend) || (attempt !== undefined && attempt <= behaviour.failures);
    const status = fails ? 503 : 200;
    // A header, because the answer to HEAD has no body.
    const text = Buffer.from(JSON.stringify(received), 'latin1').toString('base64');
    const id = received.headers.find(([name]) => name === REQUEST_ID_HEADER)?.[1] ?? '';
    const cookie: { [name: string]: string } = behaviour.cookie === undefined ? {} : { 'set-cookie': behaviour.cookie };
    const answer = () => socket.destroyed || write(status, { [RECEIVED_HEADER]: text, [ID_HEADER]: id, ...cookie });
    if (behaviour.delayMillis === 0) {
      answer();
    } else {
      setTimeout(answer, behaviour.delayMillis);
    }
  }
}

/** Leaves them to be read once more. */
function onFirstBytes(socket: Socket, decide: (chunk: Buffer) => void): void {
  socket.on('error', () => socket.destroy());
  socket.once('data', (chunk: Buffer) => {
    socket.pause();
    socket.unshift(chunk);
    decide(chunk);
    process.nextTick(() => socket.resume());
  });
}

function serveHttp1(socket: Socket, onRequest: OnRequest): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (let end = pending.indexOf(END_OF_HEAD); end >= 0; end = pending.indexOf(END_OF_HEAD)) {
      const head = pending.subarray(0, end).toString('latin1');
      // No request of the comparison has a body.
      pending = pending.subarray(end + END_OF_HEAD.length);
      onRequest(readHead(head), (status, headers) => {
        const lines = Object.entries({ ...headers, 'content-length': '0' }).map(([name, value]) => `${name}: ${value}`);
        socket.write([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', ''].join('\r\n'));
      });
    }
  });
}

/** The header in which a backend says what it received. */
export const RECEIVED_HEADER = 'x-conformance-received';

/** The header of an answer with the id of its request. */
export const ID_HEADER = 'x-conformance-id';

/** The header in which a client tells backends how to behave: `fail=2`, `slow=300`, or `cookie=5` for a cookie of the app's own. */
export const BEHAVIOUR_HEADER = 'x-backend';

export interface Behaviour {
  /** How many attempts are answered with 503 before one succeeds. */
  readonly failures: number;
  readonly delayMillis: number;
  /** A cookie that the answer sets. */
  readonly cookie?: string;
}

const WELL_BEHAVED: Behaviour = { failures: 0, delayMillis: 0 };

export function behaviourOf({ headers }: Pick<Received, 'headers'>): Behaviour {
  const [, kind, amount] =
    /^(fail|slow|cookie)=(\d+)$/.exec(headers.find(([name]) => name === BEHAVIOUR_HEADER)?.[1] ?? '') ?? [];
  return {
    failures: kind === 'fail' ? Number(amount) : 0,
    delayMillis: kind === 'slow' ? Number(amount) : 0,
    ...(kind === 'cookie' ? { cookie: `app=${amount}` } : {}),
  };
}

const TLS_HANDSHAKE = 0x16;
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** Node's types leave the name out. */
function sniOf(socket: TLSSocket): string {
  const { servername } = socket as { servername?: string | false | null };
  return servername || '';
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((settle, fail) => {
    server.once('error', fail);
    server.listen(port, '0.0.0.0', settle);
  });
}

function readHead(head: string): Omit<Received, 'backend' | 'at'> {
  const { startLine, headers } = readHttpHead(head);
  const [method, ...rest] = startLine.split(' ');
  return { method, target: rest.slice(0, -1).join(' '), headers, httpVersion: '1.1' };
}
