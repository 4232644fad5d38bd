import { createApp } from './app';
import { log } from './log';
import { listen, readPort, runToExit, stopSignal } from './server';

runToExit(async () => {
  const stop = stopSignal();
  const server = await listen(createApp(), readPort(process.env.PORT, 5000));
  log('listening', { port: server.port });

  log('stopping', { signal: await stop });
  await server.close();
  log('stopped');
});
