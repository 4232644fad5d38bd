import { createApp } from './app';
import type { Directory } from './directory';
import { loadDirectory } from './load';
import { log } from './log';
import { listen, runToExit, stopSignal } from './server';
import { readSettings } from './settings';

runToExit(async () => {
  const { port, version, upstream } = readSettings(process.env);
  const stop = stopSignal();
  console.log('Bonjour');

  // Listens before it loads, so that a slow upstream delays readiness and not liveness.
  let directory: Directory | undefined;
  const server = await listen(createApp({ version, directory: () => directory }), port);
  log('listening', { port: server.port, version });
  const stopping = new AbortController();
  const use = (loaded: Directory) => {
    directory = loaded;
  };
  loadDirectory(upstream, use, { signal: stopping.signal });

  log('stopping', { signal: await stop });
  stopping.abort();
  await server.close();
  console.log('Arrive Derchi');
});
