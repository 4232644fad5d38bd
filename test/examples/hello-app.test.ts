import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Hono } from 'hono';
import { createApp } from '../../examples/hello/app/src/app';
import { listen, type RunningServer, readPort, StartError } from '../../examples/hello/app/src/server';
import { AppProcess, endAllProcesses } from './support/app-process';
import { ask, RawConnection } from './support/http';
import { testImageFacts } from './support/image-facts';

const MAIN = 'examples/hello/app/src/main.ts';
/** For a process to start in on a busy machine, and a grace period that no test lives to see the end of. */
const PROCESS_MS = 60_000;
const NEVER = 3_600_000;

describe('what it answers', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await listen(createApp(), 0, '127.0.0.1');
  });
  afterAll(() => server.close());

  test('GET / is the sentence, as plain text', async () => {
    const answer = await ask(server.port, '/');
    expect(answer).toMatchObject({ status: 200, body: 'Ejemplo Kubernetes' });
    expect(answer.headers['content-type']).toMatch(/^text\/plain; charset=utf-8$/i);
  });

  test('GET /healthz is ok', async () => {
    expect(await ask(server.port, '/healthz')).toMatchObject({ status: 200, body: 'ok' });
  });

  test('HEAD / is the same without a body', async () => {
    const answer = await ask(server.port, '/', 'HEAD');
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
  });

  test.each(['/other', '/healthz/', '//', '/%E0%A4%A', '/%'])('GET %s is not found', async (path) => {
    expect((await ask(server.port, path)).status).toBe(404);
  });
});

describe('leaving', () => {
  /** An app with one request that is in flight for as long as the test wants it to be. */
  function appThatWaits() {
    let arrive = () => {};
    let answer = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const allowed = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const app = new Hono().get('/', async (c) => {
      arrive();
      await allowed;
      return c.text('finished');
    });
    return { app: app as Hono, arrived, answer };
  }

  test('finishes what is in flight, accepts nothing new, and does not wait for a client to hang up', async () => {
    const { app, arrived, answer } = appThatWaits();
    const server = await listen(app, 0, '127.0.0.1');
    const client = new RawConnection(server.port);
    client.send('GET / HTTP/1.1\r\nHost: hello\r\nConnection: keep-alive\r\n\r\n');
    await arrived;

    const closed = server.close(NEVER);
    await expect(ask(server.port, '/')).rejects.toThrow('ECONNREFUSED');
    answer();

    expect(await client.receivedUntilClosed()).toMatch(/^HTTP\/1\.1 200 .*finished$/s);
    await closed;
  });

  test('does not wait for connections that carry nothing', async () => {
    const server = await listen(createApp(), 0, '127.0.0.1');
    const unused = new RawConnection(server.port);
    const idle = new RawConnection(server.port);
    idle.send('GET / HTTP/1.1\r\nHost: hello\r\n\r\n');
    await idle.receivedUpTo('Ejemplo Kubernetes');

    await server.close(NEVER);
    expect(await unused.receivedUntilClosed()).toBe('');
    await idle.receivedUntilClosed();
  });

  test('keeps an idle connection for longer than Envoy does, so that it is never the one that closes it', async () => {
    const server = await listen(createApp(), 0, '127.0.0.1');
    const client = new RawConnection(server.port);
    client.send('GET / HTTP/1.1\r\nHost: hello\r\n\r\n');
    await client.receivedUpTo('Ejemplo Kubernetes');

    await server.close();
    const [, seconds] = /^Keep-Alive: timeout=(\d+)/im.exec(await client.receivedUntilClosed()) ?? [];
    expect(Number(seconds)).toBeGreaterThan(3600);
  });

  test('cuts off what does not finish in time', async () => {
    const { app, arrived } = appThatWaits();
    const server = await listen(app, 0, '127.0.0.1');
    const neverAnswered = expect(ask(server.port, '/')).rejects.toThrow('socket hang up');
    await arrived;

    await server.close(20);
    await neverAnswered;
  });
});

describe('the port', () => {
  test.each([
    [undefined, 5000],
    ['', 5000],
    ['0', 0],
    ['8080', 8080],
    ['65535', 65535],
  ])('PORT=%s means %s', (value, port) => {
    expect(readPort(value, 5000)).toBe(port);
  });

  test.each(['65536', '-1', '80.5', '0x50', '1e3', ' 80', 'http', 'tcp://10.0.0.1:80'])(
    'PORT=%s is refused',
    (value) => {
      expect(() => readPort(value, 5000)).toThrow(
        `PORT is ${JSON.stringify(value)}, and a port is a whole number from 0 (any free one) to 65535; write PORT=5000`,
      );
    },
  );

  test('that is taken is refused with a sentence', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const refused = listen(createApp(), port, '127.0.0.1');
      await expect(refused).rejects.toThrow(StartError);
      await expect(refused).rejects.toThrow(
        /^Cannot listen on 127\.0\.0\.1, port \d+ \(.*EADDRINUSE.*\); set PORT to one/,
      );
    } finally {
      other.close();
    }
  });
});

describe('the process', () => {
  afterEach(endAllProcesses);

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'on %s finishes the request in flight and exits 0',
    async (signal) => {
      const app = new AppProcess(MAIN);
      const client = new RawConnection(await app.port());
      // A whole request, and in one go with it the beginning of another: with the answer to the first one it is certain that
      // the second has begun.
      client.send('GET /healthz HTTP/1.1\r\nHost: hello\r\n\r\nGET / HTTP/1.1\r\nHost: hello\r\n');
      await client.receivedUpTo('ok');

      app.signal(signal);
      await app.line(/^stopping signal=SIG(TERM|INT)$/);
      client.send('\r\n');

      expect(await client.receivedUntilClosed()).toMatch(/Ejemplo Kubernetes$/);
      expect(await app.exitCode()).toBe(0);
      expect(app.stderr).toBe('');
    },
    PROCESS_MS,
  );

  test(
    'with a bad PORT says so in one sentence and exits 1',
    async () => {
      const app = new AppProcess(MAIN, { PORT: 'http' });
      expect(await app.exitCode()).toBe(1);
      expect(app.stderr).toMatch(/^PORT is "http", .*\.\n$/);
      expect(app.stdout).toEqual([]);
    },
    PROCESS_MS,
  );
});

describe('the image', () => {
  testImageFacts('examples/hello/app');
});
