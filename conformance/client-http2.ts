/*
 * A request in HTTP/2, over a connection that is there. Node's own client speaks the protocol and reads the answer; it would also
 * tidy up the request, so the frame with its headers is exchanged for one that says what was asked, byte for byte.
 */
import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from 'node:http2';
import { Duplex } from 'node:stream';
import type { Reply } from './client';
import type { Ask } from './manifest';

export function sendInHttp2(connection: Duplex, ask: Ask, finish: (reply: Reply) => void): void {
  const session = connect('http://localhost', { createConnection: () => new Exchange(connection, headerBlock(ask)) });
  const fail = (error: Error & { readonly code?: string }) =>
    finish({ kind: 'closed', reason: error.code ?? error.message });
  session.on('error', fail);
  session.on('close', () => finish({ kind: 'closed', reason: 'closed' }));
  readAnswer(session, ask, fail, (reply) => {
    finish(reply);
    session.destroy();
  });
}

function readAnswer(
  session: ClientHttp2Session,
  { method }: Ask,
  fail: (error: Error) => void,
  finish: (reply: Reply) => void,
): void {
  // Only of the method the client itself must know: an answer to HEAD has no body, whatever its length.
  const stream = session.request({ ':method': method === 'HEAD' ? 'HEAD' : 'GET', ':path': '/' }, { endStream: true });
  let answer: IncomingHttpHeaders & { ':status'?: number } = {};
  let body = '';
  stream.on('response', (headers) => {
    answer = headers;
  });
  stream.on('data', (chunk: Buffer) => {
    body += chunk.toString('latin1');
  });
  stream.on('error', fail);
  stream.on('close', () => {
    const { ':status': status } = answer;
    if (status === undefined || stream.rstCode !== constants.NGHTTP2_NO_ERROR) {
      finish({ kind: 'closed', reason: `the stream was reset: ${stream.rstCode}` });
      return;
    }
    const headers = new Map(Object.entries(answer).map(([name, value]) => [name, String(value)] as const));
    finish({ kind: 'http', status, headers, body });
  });
}

/** Headers as RFC 7541 encodes them at its simplest: each literally, nothing compressed. */
function headerBlock({ method, scheme, authority, target, headers }: Ask): Buffer {
  const pseudo = [
    [':method', method],
    [':scheme', scheme],
    [':authority', authority],
    [':path', target],
  ] as const;
  const lower = headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  return Buffer.concat([...pseudo, ...lower].flatMap(([name, value]) => [LITERAL, text(name), text(value)]));
}

const LITERAL = Buffer.from([0]);

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([length(bytes.length), bytes]);
}

/** An integer with a prefix of seven bits. */
function length(value: number): Buffer {
  const bytes = [Math.min(value, 127)];
  for (let rest = value - 127; rest >= 0; rest = Math.floor(rest / 128) || -1) {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
  }
  return Buffer.from(bytes);
}

const PREFACE_BYTES = 24;
const FRAME_HEAD_BYTES = 9;
const HEADERS_FRAME = 1;
const END_STREAM_AND_HEADERS = 5;

/** Passes everything on, but for the frame with a request's headers, which is exchanged. */
class Exchange extends Duplex {
  private pending = Buffer.alloc(0);
  private greeted = false;

  public constructor(
    private readonly connection: Duplex,
    private readonly block: Buffer,
  ) {
    super();
    connection.on('data', (chunk: Buffer) => this.push(chunk));
    connection.on('end', () => this.push(null));
    connection.on('close', () => this.destroy());
    connection.on('error', (error) => this.destroy(error));
  }

  public override _read(): void {}

  public override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    this.connection.write(Buffer.concat(this.complete()));
    done();
  }

  public override _final(done: () => void): void {
    this.connection.end(done);
  }

  public override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.connection.destroy();
    done(error);
  }

  /** The frames that are there in full, as they go out. */
  private complete(): Buffer[] {
    const out: Buffer[] = [];
    if (!this.greeted && this.pending.length >= PREFACE_BYTES) {
      out.push(this.cut(PREFACE_BYTES));
      this.greeted = true;
    }
    while (this.greeted && this.pending.length >= FRAME_HEAD_BYTES) {
      const size = FRAME_HEAD_BYTES + this.pending.readUIntBE(0, 3);
      if (this.pending.length < size) {
        break;
      }
      const frame = this.cut(size);
      out.push(frame[3] === HEADERS_FRAME ? this.exchanged(frame) : frame);
    }
    return out;
  }

  private exchanged(frame: Buffer): Buffer {
    const head = Buffer.from(frame.subarray(0, FRAME_HEAD_BYTES));
    head.writeUIntBE(this.block.length, 0, 3);
    head[4] = END_STREAM_AND_HEADERS;
    return Buffer.concat([head, this.block]);
  }

  private cut(size: number): Buffer {
    const taken = this.pending.subarray(0, size);
    this.pending = this.pending.subarray(size);
    return taken;
  }
}
