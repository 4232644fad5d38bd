/*
 * The way into the pods for who is not among them, the API server and Prometheus: an HTTP proxy that knows where on the loopback
 * interface each port of a pod is.
 */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import {
  type AddressInfo,
  connect,
  createServer as createSocketServer,
  type ListenOptions,
  type Socket,
  type Server as SocketServer,
} from 'node:net';
import type { Duplex } from 'node:stream';

export class PodNetwork {
  /** @param socket the file at which it listens, beside a port of the loopback interface */
  public static async open(socket: string): Promise<PodNetwork> {
    const network = new PodNetwork(socket);
    await listening(network.server, { host: '127.0.0.1', port: 0 });
    await listening(network.atSocket, { path: socket });
    return network;
  }

  private readonly server: Server;
  private readonly atSocket: SocketServer;
  private readonly sockets = new Set<Duplex>();
  /** Ports of the loopback interface, by `address:port` of pods. */
  private readonly ports = new Map<string, number>();

  private constructor(public readonly socket: string) {
    this.server = createServer((asked, answer) => this.pass(asked, answer));
    this.server.on('connect', (asked, client: Duplex, head: Buffer) => this.tunnel(asked, client, head));
    this.server.on('connection', (client: Socket) => this.keep(client));
    this.atSocket = createSocketServer((client) => this.server.emit('connection', client));
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public add(ip: string, port: number, loopback: number): void {
    this.ports.set(`${ip}:${port}`, loopback);
  }

  public close(): void {
    this.server.close();
    this.atSocket.close();
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }

  private tunnel({ url = '' }: IncomingMessage, client: Duplex, head: Buffer): void {
    const port = this.ports.get(url);
    if (port === undefined) {
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const pod = connect({ host: '127.0.0.1', port, noDelay: true });
    this.keep(pod);
    pod.once('connect', () => {
      client.write('HTTP/1.1 200 Connected\r\n\r\n');
      pod.write(head);
      client.pipe(pod).pipe(client);
    });
    pod.on('error', () => client.destroy());
    client.on('error', () => pod.destroy());
    client.on('close', () => pod.destroy());
  }

  private pass({ url = '', method, headers }: IncomingMessage, answer: ServerResponse): void {
    const { host, pathname, search } = new URL(url);
    const port = this.ports.get(host);
    if (port === undefined) {
      answer.writeHead(502).end();
      return;
    }
    request({ host: '127.0.0.1', port, method, headers, path: `${pathname}${search}`, agent: false }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    })
      .on('error', () => answer.writeHead(502).end())
      .end();
  }

  private keep(socket: Duplex): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
  }
}

function listening(server: SocketServer, options: ListenOptions): Promise<void> {
  return new Promise((settle, fail) => {
    server.once('error', fail);
    server.listen(options, settle);
  });
}
