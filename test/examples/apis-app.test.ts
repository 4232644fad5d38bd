import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { createApp } from '../../examples/apis/app/src/app';
import { builtIn } from '../../examples/apis/app/src/built-in';
import type { Directory } from '../../examples/apis/app/src/directory';
import { loadDirectory } from '../../examples/apis/app/src/load';
import { listen, type RunningServer, StartError } from '../../examples/apis/app/src/server';
import { readSettings } from '../../examples/apis/app/src/settings';
import type { Upstream } from '../../examples/apis/app/src/upstream';
import { AppProcess, endAllProcesses } from './support/app-process';
import { ask } from './support/http';
import { testImageFacts } from './support/image-facts';
import * as upstreams from './support/upstreams';

const MAIN = 'examples/apis/app/src/main.ts';
/** For a process to start in on a busy machine. */
const PROCESS_MS = 60_000;

const entry = (API: string) => ({ API, Description: `about ${API}`, Link: 'https://example.com/', Category: 'Test' });
const directory: Directory = {
  source: 'upstream',
  entries: ['Cat Facts', 'Axolotl', 'catalogue', '100% Café', 'healthz', 'a/b'].map(entry),
};

describe('what it answers', () => {
  let v1: RunningServer;
  let v2: RunningServer;
  let loading: RunningServer;
  beforeAll(async () => {
    v1 = await listen(createApp({ version: 'v1', directory: () => directory }), 0, '127.0.0.1');
    v2 = await listen(createApp({ version: 'v2', directory: () => directory }), 0, '127.0.0.1');
    loading = await listen(createApp({ version: 'v1', directory: () => undefined }), 0, '127.0.0.1');
  });
  afterAll(() => Promise.all([v1.close(), v2.close(), loading.close()]));

  const namesAt = async (server: RunningServer, path: string) => {
    const { entries } = JSON.parse((await ask(server.port, path)).body);
    return entries.map((it: { API: string }) => it.API);
  };

  test('GET / lists all entries, and says which version answers and where it has them from', async () => {
    const answer = await ask(v1.port, '/');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(answer.body)).toEqual({ version: 'v1', count: 6, ...directory });
  });

  test.each([
    ['/Cat', ['Cat Facts']],
    ['/cat', ['catalogue']],
    ['/at', ['Cat Facts', 'catalogue']],
    ['/CAT', []],
    ['/Cat%20Facts', ['Cat Facts']],
    ['/Cat?Axolotl', ['Cat Facts']],
    ['/%C3%A9', ['100% Café']],
    ['/100%25', ['100% Café']],
    ['/a%2Fb', ['a/b']],
    ['/%2541', []],
    ['/%00', []],
    ['/__proto__', []],
  ])('GET %s finds %j', async (path, names) => {
    expect(await namesAt(v1, path)).toEqual(names);
  });

  test('counts what it found', async () => {
    expect(JSON.parse((await ask(v1.port, '/at')).body).count).toBe(2);
    expect(JSON.parse((await ask(v1.port, '/nothing')).body)).toMatchObject({ count: 0, entries: [] });
  });

  test('v2 sorts by name where v1 keeps the order of the source', async () => {
    const sorted = ['100% Café', 'a/b', 'Axolotl', 'Cat Facts', 'catalogue', 'healthz'];
    expect(await namesAt(v2, '/')).toEqual(sorted);
    expect(await namesAt(v1, '/')).toEqual(directory.entries.map((it) => it.API));
  });

  test.each(['/%E0%A4%A', '/%', '/%zz', '/%FF'])('GET %s, which is no text, is a bad request', async (path) => {
    const answer = await ask(v1.port, path);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).error).toMatch(/percent-encoded/);
  });

  test.each(['/a/b', '/Cat/', '//'])('GET %s is not found', async (path) => {
    expect((await ask(v1.port, path)).status).toBe(404);
  });

  test('POST is not allowed', async () => {
    const answer = await ask(v1.port, '/', 'POST');
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD');
  });

  test.each(['/', '/Cat', '/healthz', '/readyz', '/nothing', '/%', '/a/b'])(
    'HEAD %s is the same as GET without a body',
    async (path) => {
      const [head, get] = [await ask(v1.port, path, 'HEAD'), await ask(v1.port, path)];
      expect(head).toMatchObject({ status: get.status, body: '' });
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
    },
  );

  test('names its version in a header, whatever it answers', async () => {
    for (const path of ['/', '/Cat', '/nothing', '/healthz', '/readyz', '/%', '/a/b']) {
      expect((await ask(v1.port, path)).headers['x-app-version']).toBe('v1');
      expect((await ask(v2.port, path, 'HEAD')).headers['x-app-version']).toBe('v2');
    }
    expect((await ask(v2.port, '/', 'DELETE')).headers['x-app-version']).toBe('v2');
    expect((await ask(loading.port, '/')).headers['x-app-version']).toBe('v1');
  });

  test('/healthz and /readyz are probes even where an entry has that name, which /health still finds', async () => {
    expect(await ask(v1.port, '/healthz')).toMatchObject({ status: 200, body: 'ok' });
    expect(await ask(v1.port, '/readyz')).toMatchObject({ status: 200, body: 'ready' });
    expect(await namesAt(v1, '/health')).toEqual(['healthz']);
  });

  test('while the entries are loading, it is alive and not ready', async () => {
    expect((await ask(loading.port, '/healthz')).status).toBe(200);
    expect(await ask(loading.port, '/readyz')).toMatchObject({ status: 503, body: 'loading' });
    for (const path of ['/', '/Cat']) {
      const answer = await ask(loading.port, path);
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toBe('1');
    }
  });
});

describe('the built-in entries', () => {
  test('are complete, each name once, and in an order that v2 changes', () => {
    const names = builtIn.entries.map((it) => it.API);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toEqual([...names].sort((a, b) => a.localeCompare(b, 'en')));
    for (const { Description, Link, Category } of builtIn.entries) {
      expect(Description).not.toBe('');
      expect(Category).not.toBe('');
      expect(new URL(Link).protocol).toBe('https:');
    }
  });
});

/** The directories that are handed over, in order. */
async function loadFrom(upstream: Upstream | undefined, retryAfterMs: number[] = []): Promise<Directory[]> {
  const used: Directory[] = [];
  await loadDirectory(upstream, (directory) => used.push(directory), { retryAfterMs });
  return used;
}

describe('the upstream', () => {
  let logged: string[];
  beforeEach(() => {
    logged = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => logged.push(line));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await upstreams.stopUpstreams();
  });

  /** Long enough to answer in on a busy machine; the upstreams that never answer get a short one. */
  const load = async (url: URL, timeoutMs = 20_000) => {
    const used = await loadFrom({ url, timeoutMs, maxBytes: 64 * 1024 });
    expect(used).toHaveLength(1);
    return used[0];
  };

  test('none: the built-in entries', async () => {
    expect(await loadFrom(undefined, [0])).toEqual([builtIn]);
    expect(logged).toEqual([`entries loaded source=built-in count=${builtIn.entries.length}`]);
  });

  test('one that answers: its entries, in its order', async () => {
    const entries = [entry('Zebra'), entry('Aardvark')];
    const url = await upstreams.startUpstream(upstreams.answering(JSON.stringify({ count: 2, entries })));
    expect(await load(url)).toEqual({ source: 'upstream', entries });
    expect(logged).toEqual([`entries loaded source=upstream url=${url} count=2 malformed=0`]);
  });

  test('one that redirects to another that answers: the entries of that one', async () => {
    const target = await upstreams.startUpstream(upstreams.answering(JSON.stringify({ entries: [entry('Zebra')] })));
    const url = await upstreams.startUpstream((_request, response) => {
      response.writeHead(301, { location: target.href }).end();
    });
    expect(await load(url)).toMatchObject({ source: 'upstream', entries: [{ API: 'Zebra' }] });
  });

  test('entries that are none are dropped and counted, fields that are not known are left out', async () => {
    const entries = [
      { API: 'only a name' },
      { ...entry('more than known'), Auth: 'apiKey', Cors: 'no' },
      { Description: 'no name' },
      { API: '' },
      { API: 7 },
      { API: 'bad link', Link: 7 },
      { API: 'bad description', Description: null },
      null,
      'text',
      ['API'],
    ];
    const url = await upstreams.startUpstream(upstreams.answering(JSON.stringify({ entries })));
    expect((await load(url)).entries).toEqual([
      { API: 'only a name', Description: '', Link: '', Category: '' },
      entry('more than known'),
    ]);
    expect(logged).toEqual([expect.stringMatching(/ count=2 malformed=8$/)]);
  });

  test('its query, which may hold a key, stays out of the log', async () => {
    const url = await upstreams.startUpstream(upstreams.answering('', 'text/plain', 403));
    url.search = '?key=secret';
    await load(url);
    expect(logged.join()).toContain('it answered 403');
    expect(logged.join()).not.toContain('secret');
  });

  const json = (value: unknown) => upstreams.answering(JSON.stringify(value));
  const useless: [string, RequestListener, RegExp][] = [
    [
      'answers 500',
      upstreams.answering(JSON.stringify({ entries: [entry('x')] }), 'application/json', 500),
      /it answered 500/,
    ],
    ['answers 204', upstreams.answering('', 'application/json', 204), /its body is not JSON/],
    ['answers HTML', upstreams.answering('<!doctype html><title>Sold</title>', 'text/html'), /its body is not JSON/],
    ['answers half of a JSON text', upstreams.answering('{"entries": [{"API": "x"'), /its body is not JSON/],
    ['answers null', json(null), /its body is not of the form/],
    ['answers a list', json([entry('x')]), /its body is not of the form/],
    ['answers an object without entries', json({ count: 0 }), /its body is not of the form/],
    ['answers entries that are no list', json({ entries: { API: 'x' } }), /its body is not of the form/],
    ['answers an empty list', json({ entries: [] }), /none of its 0 entries has a name/],
    ['answers malformed entries only', json({ entries: [{ name: 'x' }, 1] }), /none of its 2 entries has a name/],
    ['never stops sending', upstreams.neverStopsSending, /its body is larger than 65536 bytes/],
    ['unpacks to a lot', upstreams.unpacksToALot, /its body is larger than 65536 bytes/],
    ['redirects to itself', upstreams.redirectsToItself, /redirect/],
    ['hangs up halfway', upstreams.hangsUpHalfway, /reason=/],
    ['hangs up at once', (request) => request.socket.destroy(), /reason=/],
  ];

  test.each(useless)('one that %s: the built-in entries, and the log says why', async (_what, listener, reason) => {
    expect(await load(await upstreams.startUpstream(listener))).toBe(builtIn);
    expect(logged).toEqual([
      expect.stringMatching(/^upstream failed, falling back url=http.* source=built-in count=\d+$/),
    ]);
    expect(logged[0]).toMatch(reason);
  });

  test.each([
    ['never answers', upstreams.neverAnswers],
    ['never finishes', upstreams.neverFinishes],
  ])('one that %s: the built-in entries after the timeout', async (_what, listener) => {
    expect(await load(await upstreams.startUpstream(listener), 50)).toBe(builtIn);
    expect(logged[0]).toContain('reason="no complete answer within 50 ms"');
  });

  test('one that is gone: the built-in entries', async () => {
    expect(await load(await upstreams.deadUpstream())).toBe(builtIn);
    expect(logged[0]).toMatch(/ECONNREFUSED/);
  });
});

describe('an upstream that is of no use at first', () => {
  let logged: string[];
  beforeEach(() => {
    logged = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => logged.push(line));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await upstreams.stopUpstreams();
  });

  /** Answers 503 that many times, then entries; counts how often it was asked. */
  const unavailable = async (times: number) => {
    const asked = { times: 0 };
    const url = await upstreams.startUpstream((request, response) => {
      asked.times += 1;
      const status = asked.times > times ? 200 : 503;
      upstreams.answering(JSON.stringify({ entries: [entry('late')] }), 'application/json', status)(request, response);
    });
    return { asked, upstream: { url, timeoutMs: 20_000, maxBytes: 64 * 1024 } };
  };

  test('is asked again until it is, and the log says so', async () => {
    const { asked, upstream } = await unavailable(2);
    expect(await loadFrom(upstream, [0, 0, 0])).toEqual([builtIn, { source: 'upstream', entries: [entry('late')] }]);
    expect(asked.times).toBe(3);
    expect(logged).toEqual([
      expect.stringMatching(/^upstream failed, falling back .* reason="it answered 503" source=built-in/),
      expect.stringMatching(/^upstream failed again url=\S+ reason="it answered 503"$/),
      expect.stringMatching(/^entries loaded source=upstream .* count=1 malformed=0$/),
    ]);
  });

  test('is asked no more often than there are pauses', async () => {
    const { asked, upstream } = await unavailable(Number.POSITIVE_INFINITY);
    expect(await loadFrom(upstream, [0, 0])).toEqual([builtIn]);
    expect(asked.times).toBe(3);
  });

  test('is not asked again once the app is to stop', async () => {
    const { asked, upstream } = await unavailable(1);
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    await loadDirectory(upstream, stop, { retryAfterMs: [2 ** 30], signal: stopping.signal });
    expect(asked.times).toBe(1);
  });
});

describe('the settings', () => {
  test('have defaults, and a variable that is empty counts as not set', () => {
    const defaults = { port: 8000, version: 'v1', upstream: undefined };
    expect(readSettings({})).toEqual(defaults);
    expect(readSettings({ PORT: '', APP_VERSION: '', APIS_URL: '', APIS_TIMEOUT_MS: '' })).toEqual(defaults);
  });

  test('are read from the environment', () => {
    const env = {
      PORT: '80',
      APP_VERSION: '2.0.0-rc.1',
      APIS_URL: 'https://example.com/e?k=1',
      APIS_TIMEOUT_MS: '500',
    };
    expect(readSettings(env)).toMatchObject({
      port: 80,
      version: '2.0.0-rc.1',
      upstream: { url: new URL('https://example.com/e?k=1'), timeoutMs: 500 },
    });
  });

  test.each([
    ['PORT', 'http', /^PORT is "http", .* write PORT=8000/],
    ['APP_VERSION', 'v1\r\nx: y', /^APP_VERSION is "v1\\r\\nx: y", .* write something like APP_VERSION=v2\.$/],
    ['APP_VERSION', 'ü', /^APP_VERSION is "ü"/],
    ['APP_VERSION', 'v'.repeat(64), /^APP_VERSION is "v+", .* at most 63/],
    ['APIS_URL', 'example.com/entries', /^APIS_URL is "example.com\/entries", .* write something like APIS_URL=https:/],
    ['APIS_URL', 'file:///etc/passwd', /^APIS_URL is "file:.* not an absolute http or https URL/],
    ['APIS_URL', 'https://me:secret@example.com/', /^(?!.*secret)APIS_URL carries a user name or password/],
    ['APIS_TIMEOUT_MS', '0', /^APIS_TIMEOUT_MS is "0", .* write APIS_TIMEOUT_MS=3000/],
    ['APIS_TIMEOUT_MS', '60001', /^APIS_TIMEOUT_MS is "60001"/],
    ['APIS_TIMEOUT_MS', '3s', /^APIS_TIMEOUT_MS is "3s"/],
  ])('%s=%j is refused', (name, value, sentence) => {
    expect(() => readSettings({ [name]: value })).toThrow(StartError);
    expect(() => readSettings({ [name]: value })).toThrow(sentence);
  });
});

describe('the process', () => {
  afterEach(async () => {
    endAllProcesses();
    await upstreams.stopUpstreams();
  });

  test(
    'says Bonjour first and Arrive Derchi last',
    async () => {
      const app = new AppProcess(MAIN, { APP_VERSION: 'v2' });
      const answer = await ask(await app.port(), '/Open');
      expect(JSON.parse(answer.body)).toMatchObject({ version: 'v2', source: 'built-in', count: 3 });

      app.signal('SIGTERM');
      expect(await app.exitCode()).toBe(0);
      expect(app.stdout[0]).toBe('Bonjour');
      expect(app.stdout.at(-1)).toBe('Arrive Derchi');
      expect(app.stderr).toBe('');
    },
    PROCESS_MS,
  );

  test(
    'listens before a slow upstream has answered, and is ready when it has',
    async () => {
      let asked: (answer: () => void) => void;
      const question = new Promise<() => void>((resolve) => {
        asked = resolve;
      });
      const url = await upstreams.startUpstream((request, response) => {
        asked(() => upstreams.answering(JSON.stringify({ entries: [entry('late')] }))(request, response));
      });
      const app = new AppProcess(MAIN, { APIS_URL: url.href, APIS_TIMEOUT_MS: '60000' });
      const port = await app.port();
      expect((await ask(port, '/healthz')).status).toBe(200);
      expect((await ask(port, '/readyz')).status).toBe(503);

      const answer = await question;
      answer();
      await app.line(/^entries loaded source=upstream .* count=1 malformed=0$/);
      expect((await ask(port, '/readyz')).status).toBe(200);
      expect(JSON.parse((await ask(port, '/')).body)).toMatchObject({ source: 'upstream', entries: [entry('late')] });
    },
    PROCESS_MS,
  );

  test(
    'answers from the built-in entries when its upstream is gone',
    async () => {
      const app = new AppProcess(MAIN, { APIS_URL: (await upstreams.deadUpstream()).href });
      const port = await app.port();
      await app.line(/^upstream failed, falling back url=\S+ reason="connect ECONNREFUSED .*" source=built-in/);
      expect((await ask(port, '/readyz')).status).toBe(200);
      expect(JSON.parse((await ask(port, '/')).body).source).toBe('built-in');
    },
    PROCESS_MS,
  );

  test(
    'answers from its upstream once that is there, without a restart',
    async () => {
      let asked = 0;
      const url = await upstreams.startUpstream((request, response) => {
        asked += 1;
        const status = asked > 1 ? 200 : 503;
        upstreams.answering(
          JSON.stringify({ entries: [entry('late')] }),
          'application/json',
          status,
        )(request, response);
      });
      const app = new AppProcess(MAIN, { APIS_URL: url.href });
      const port = await app.port();
      await app.line(/^entries loaded source=upstream/);
      expect(JSON.parse((await ask(port, '/')).body)).toMatchObject({ source: 'upstream', entries: [entry('late')] });
    },
    PROCESS_MS,
  );

  test(
    'leaves when told to, also while it waits for its upstream',
    async () => {
      const url = await upstreams.startUpstream(upstreams.neverAnswers);
      const app = new AppProcess(MAIN, { APIS_URL: url.href, APIS_TIMEOUT_MS: '60000' });
      await app.port();
      app.signal('SIGTERM');
      expect(await app.exitCode()).toBe(0);
      expect(app.stdout.at(-1)).toBe('Arrive Derchi');
    },
    PROCESS_MS,
  );

  test(
    'with a bad setting says so in one sentence, before anything else, and exits 1',
    async () => {
      const app = new AppProcess(MAIN, { APIS_URL: 'publicapis' });
      expect(await app.exitCode()).toBe(1);
      expect(app.stderr).toMatch(/^APIS_URL is "publicapis", .*\.\n$/);
      expect(app.stdout).toEqual([]);
    },
    PROCESS_MS,
  );
});

describe('the image', () => {
  testImageFacts('examples/apis/app');

  test.each(['src/server.ts', 'src/log.ts', 'tsconfig.json', '.dockerignore'])(
    'has the same %s as hello, of which it is a copy because an image is built from its folder alone',
    (path) => {
      const read = (app: string) => readFileSync(join(__dirname, '../../examples', app, 'app', path), 'utf8');
      expect(read('apis')).toBe(read('hello'));
    },
  );
});
