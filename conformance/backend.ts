/*
 * The backends: one process, one loopback port for each address of each mesh. Each answers with what it received, byte for
 * byte, so HTTP is read here by hand.
 */
import { createServer, type Server, type Socket } from 'node:net';

/** A request as a backend received it. */
export interface Received {
  /** Number of the backend. */
  readonly backend: number;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export class Backends {
  private readonly servers: Server[] = [];

  /** @param firstPort port of backend 0; the others follow */
  public constructor(private readonly firstPort: number) {}

  /** Makes sure that there are `count` backends. */
  public async open(count: number): Promise<void> {
    while (this.servers.length < count) {
      const backend = this.servers.length;
      const server = createServer((socket) => serve(socket, backend));
      await listen(server, this.firstPort + backend);
      this.servers.push(server);
    }
  }

  public close(): void {
    for (const server of this.servers) {
      server.close();
    }
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((settle, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', settle);
  });
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');

function serve(socket: Socket, backend: number): void {
  let pending = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let end = pending.indexOf(END_OF_HEAD); end >= 0; end = pending.indexOf(END_OF_HEAD)) {
      const head = pending.subarray(0, end).toString('latin1');
      // No request of the comparison has a body.
      pending = pending.subarray(end + END_OF_HEAD.length);
      socket.write(answerTo(head, backend));
    }
  });
}

function answerTo(head: string, backend: number): string {
  const [requestLine, ...lines] = head.split('\r\n');
  const [method, ...rest] = requestLine.split(' ');
  const received: Received = {
    backend,
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
