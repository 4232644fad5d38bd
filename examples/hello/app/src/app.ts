import { Hono } from 'hono';

/** What hello answers, as a value: no port, no process, nothing to clean up. */
export function createApp(): Hono {
  const app = new Hono();
  app.get('/', (c) => c.text('Ejemplo Kubernetes'));
  app.get('/healthz', (c) => c.text('ok'));
  return app;
}
