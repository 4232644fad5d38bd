/*
 * In place of iptables: passes connections on to a sidecar, and says first in a PROXY protocol header which address was dialled.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Redirect {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  /** @param port that of the sidecar on the loopback interface */
  public constructor(port: number, header: string) {
    this.server = createServer((client) => {
      const sidecar = connect({ host: '127.0.0.1', port, noDelay: true });
      sidecar.write(header);
      client.pipe(sidecar).pipe(client);
      for (const [socket, other] of [
        [client, sidecar],
        [sidecar, client],
      ]) {
        this.sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => this.sockets.delete(socket));
      }
    });
  }

  /** Listens, and gives the port of the loopback interface. */
  public open(): Promise<number> {
    return new Promise((settle, fail) => {
      this.server.once('error', fail);
      this.server.listen(0, '127.0.0.1', () => settle((this.server.address() as { port: number }).port));
    });
  }

  public close(): void {
    this.server.close();
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }
}
