import { type Context, Hono } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { type Directory, search, sortedByName } from './directory';

export interface AppOptions {
  /** Sent with every answer. `v2` also sorts. */
  readonly version: string;
  /** undefined as long as the entries are not loaded. */
  readonly directory: () => Directory | undefined;
}

/** What apis answers, as a value: no port, no process, nothing to clean up. */
export function createApp({ version, directory }: AppOptions): Hono {
  const app = new Hono();

  /** Answers the entries that `select` picks, or 503 as long as there are none to pick from. */
  function answer(c: Context, select: (all: Directory['entries']) => Directory['entries']) {
    const loaded = directory();
    if (!loaded) {
      c.header('retry-after', '1');
      return c.json({ version, error: 'the entries are not loaded yet' }, 503);
    }
    const selected = select(loaded.entries);
    const entries = version === 'v2' ? sortedByName(selected) : selected;
    return c.json({ version, source: loaded.source, count: entries.length, entries });
  }

  app.use((c, next) => {
    c.header('x-app-version', version);
    return next();
  });
  app.use(methodNotAllowed({ app }));

  app.get('/healthz', (c) => c.text('ok'));
  app.get('/readyz', (c) => (directory() ? c.text('ready') : c.text('loading', 503)));
  app.get('/', (c) => answer(c, (all) => all));
  app.get('/:name', (c) => {
    const name = nameIn(c.req.url);
    if (name === undefined) {
      return c.json({ version, error: 'the path is not valid percent-encoded UTF-8' }, 400);
    }
    return answer(c, (all) => search(all, name));
  });

  app.notFound((c) => c.json({ version, error: 'no such path: there is /, /{name}, /healthz and /readyz' }, 404));
  return app;
}

/** Decoded here and not taken from the router, which lets malformed encoding pass as if it were text. */
function nameIn(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url).pathname.slice(1));
  } catch {
    return undefined;
  }
}
