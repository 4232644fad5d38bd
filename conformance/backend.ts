/*
 * The backends: one process, one loopback port for each address of each mesh. Each answers with what it received, byte for
 * byte, so HTTP is read here by hand. A backend listens on all of 127.0.0.0/8, and says at which address it was reached.
 */
import { createServer, type Server, type Socket } from 'node:net';

/** A request as a backend received it. */
export interface Received {
  /** Loopback port of the backend. */
  readonly backend: number;
  /** Loopback address at which it was reached. */
  readonly at: string;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export class Backends {
  private readonly servers = new Map<number, Server>();

  /** Makes sure that there are backends on these ports. */
  public async open(ports: Iterable<number>): Promise<void> {
    for (const port of ports) {
      if (!this.servers.has(port)) {
        const server = createServer((socket) => serve(socket, port));
        await listen(server, port);
        this.servers.set(port, server);
      }
    }
  }

  public close(): void {
    for (const server of this.servers.values()) {
      server.close();
    }
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((settle, fail) => {
    server.once('error', fail);
    server.listen(port, '0.0.0.0', settle);
  });
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');

function serve(socket: Socket, backend: number): void {
  const at = socket.localAddress ?? '';
  let pending = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let end = pending.indexOf(END_OF_HEAD); end >= 0; end = pending.indexOf(END_OF_HEAD)) {
      const head = pending.subarray(0, end).toString('latin1');
      // No request of the comparison has a body.
      pending = pending.subarray(end + END_OF_HEAD.length);
      socket.write(answerTo(head, backend, at));
    }
  });
}

function answerTo(head: string, backend: number, at: string): string {
  const [requestLine, ...lines] = head.split('\r\n');
  const [method, ...rest] = requestLine.split(' ');
  const received: Received = {
    backend,
    at,
    method,
    target: rest.slice(0, -1).join(' '),
    headers: lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  };
  // A header, because the answer to HEAD has no body.
  const text = Buffer.from(JSON.stringify(received), 'latin1').toString('base64');
  return `HTTP/1.1 200 OK\r\n${RECEIVED_HEADER}: ${text}\r\ncontent-length: 0\r\n\r\n`;
}

/** The header in which a backend says what it received. */
export const RECEIVED_HEADER = 'x-conformance-received';
