import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request on a connection of its own. The path goes out as it is, also where `fetch` would repair it. */
export function ask(port: number, path: string, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** A connection by hand, for what a client library would not do: send half a request, and wait. */
export class RawConnection {
  private received = '';
  private readonly closed: Promise<void>;
  private readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1').setEncoding('utf8');
    this.socket.on('data', (text: string) => {
      this.received += text;
    });
    // An error closes as well, and what was received until then is what the test looks at.
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => resolve());
    });
  }

  send(text: string): void {
    this.socket.write(text);
  }

  /** Resolves as soon as what was received so far ends with this. */
  async receivedUpTo(end: string): Promise<void> {
    while (!this.received.endsWith(end)) {
      if (this.socket.closed) {
        throw new Error(`closed before ${JSON.stringify(end)}, after ${JSON.stringify(this.received)}`);
      }
      await Promise.race([once(this.socket, 'data'), this.closed]);
    }
  }

  /** Everything that was received, once the other side has closed. */
  async receivedUntilClosed(): Promise<string> {
    await this.closed;
    return this.received;
  }
}
