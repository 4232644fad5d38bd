import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

const MEGABYTE = 1024 * 1024;
const open = new Set<Server>();

/** A real server on loopback; its URL. */
export function startUpstream(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  open.add(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/entries`));
    });
  });
}

/** For `afterEach`. */
export async function stopUpstreams(): Promise<void> {
  for (const server of open) {
    open.delete(server);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A URL where nobody listens any more. */
export async function deadUpstream(): Promise<URL> {
  const url = await startUpstream(() => {});
  await stopUpstreams();
  return url;
}

export function answering(body: string, contentType = 'application/json', status = 200): RequestListener {
  return (_request, response) => response.writeHead(status, { 'content-type': contentType }).end(body);
}

export const neverAnswers: RequestListener = () => {};

export const neverFinishes: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{"entries": [');
};

export const neverStopsSending: RequestListener = (_request, response) => {
  const chunk = Buffer.alloc(MEGABYTE, ' ');
  const send = () => {
    while (!response.destroyed && response.write(chunk)) {}
  };
  response.writeHead(200).on('drain', send);
  send();
};

/** Small on the wire, far beyond any limit once unpacked. */
export const unpacksToALot: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(8 * MEGABYTE, ' ')));
};

export const redirectsToItself: RequestListener = (request, response) => {
  response.writeHead(302, { location: request.url }).end();
};

export const hangsUpHalfway: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-length': 1000 }).write('{"entries": [', () => response.destroy());
};
