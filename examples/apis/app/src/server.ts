/*
 * The part of a web app that is the same whatever it answers: reading its port, listening, and leaving in good order when
 * the platform says so. hello and apis have a copy each, because an image is built from the folder of its app alone.
 */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';

/** Kubernetes kills the process 30 s after SIGTERM by default. This is well before. */
const GRACE_MS = 10_000;

/**
 * A proxy in front keeps idle connections for reuse, Envoy for up to an hour. Who closes first must be the proxy: otherwise it
 * now and then sends a request into a connection that this side is closing, and its client gets a 503.
 */
const KEEP_ALIVE_MS = 65 * 60_000;

/** Why the process cannot start, as a sentence for whoever started it. */
export class StartError extends Error {}

export interface RunningServer {
  /** The real one, also when port 0 asked for any free one. */
  readonly port: number;
  /** Accepts nothing new and finishes what is in flight; what is not done after `graceMs` is cut off. */
  close(graceMs?: number): Promise<void>;
}

export function readPort(value: string | undefined, whenUnset: number): number {
  if (!value) {
    return whenUnset;
  }
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) {
    throw new StartError(
      `PORT is ${JSON.stringify(value)}, and a port is a whole number from 0 (any free one) to 65535; ` +
        `write PORT=${whenUnset}, or leave it out, which means the same.`,
    );
  }
  return port;
}

export function listen(app: Hono, port: number, host = '0.0.0.0'): Promise<RunningServer> {
  const server = createServer(getRequestListener(app.fetch, { hostname: host }));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('request', (_request, response) => {
    // Closing ends the connections that are idle at that moment; this ends the others as soon as they have their answer.
    response.on('close', () => {
      if (!server.listening) {
        server.closeIdleConnections();
      }
    });
  });

  const close = (graceMs = GRACE_MS) =>
    new Promise<void>((resolve) => {
      const deadline = setTimeout(() => server.closeAllConnections(), graceMs);
      server.close(() => {
        clearTimeout(deadline);
        resolve();
      });
      // Browsers open connections ahead of need, and node does not count one that never carried anything as idle.
      for (const socket of sockets) {
        if (socket.bytesRead === 0) {
          socket.destroy();
        }
      }
    });

  return new Promise((resolve, reject) => {
    const refuse = (error: Error) =>
      reject(
        new StartError(`Cannot listen on ${host}, port ${port} (${error.message}); set PORT to one that is free.`),
      );
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve({ port: (server.address() as AddressInfo).port, close });
    });
  });
}

/** The first request to stop. The same signal once more ends the process at once, as it does by default. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

/** Runs the app until it is done, and turns the way it ended into an exit code. */
export async function runToExit(main: () => Promise<void>): Promise<never> {
  try {
    await main();
    process.exit(0);
  } catch (error) {
    console.error(error instanceof StartError ? error.message : error);
    process.exit(1);
  }
}
