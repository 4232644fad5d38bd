/*
 * How a request is spoken: in which version of HTTP, as a call of gRPC or nearly, and with headers that are about the connection.
 */
import type { Ask } from '../manifest';
import type { Random } from '../random';

/** Three requests in four are left as they are: HTTP/1.1, which is what most clients speak. */
export function inSomeSpeech(random: Random, ask: Ask): Ask {
  if (random.chance(0.75)) {
    return ask;
  }
  const headers = [
    ...ask.headers,
    ...(random.chance(0.5) ? asCall(random) : []),
    ...(random.chance(0.12) ? cookies(random) : []),
    ...(random.chance(0.12) ? aboutConnection(random) : []),
  ];
  // HTTP/2 refuses most of what is about a connection, which is soon seen.
  const isOdd = headers.some(([name]) => /^(connection|keep-alive|te)$/i.test(name));
  const method = random.chance(0.04) ? random.pick(['BREW', 'get', 'QUERY', 'CONNECT']) : ask.method;
  return { ...ask, method, headers, ...(random.chance(isOdd ? 0.4 : 0.7) ? { httpVersion: '2' as const } : {}) };
}

type Headers = Ask['headers'];

function asCall(random: Random): Headers {
  const type = random.pick([
    ...['application/grpc', 'application/grpc', 'application/grpc', 'application/grpc+proto', 'application/grpc+json'],
    ...['application/grpc-web', 'application/grpc; charset=utf-8', 'application/GRPC', 'application/json'],
  ]);
  const timeout = random.maybe(0.4, () =>
    random.pick(['5S', '30S', '4000m', '9H', '99999999H', '2M', '0S', 'soon', '5s', '60000000u', '123456789S']),
  );
  return [['content-type', type], ...(timeout === undefined ? [] : [['grpc-timeout', timeout] as const])];
}

function cookies(random: Random): Headers {
  const values = ['user=jason', 'v1', 'a=1', 'b=2', 'v2'];
  return random.some(values, random.integer(2, 3)).map((value) => ['cookie', value] as const);
}

function aboutConnection(random: Random): Headers {
  return random.pick<Headers>([
    [['te', 'trailers']],
    [['te', 'gzip']],
    [['te', 'gzip, trailers']],
    [['connection', 'close']],
    [
      ['connection', 'keep-alive'],
      ['keep-alive', 'timeout=5'],
    ],
    [['connection', 'x-version']],
    [['connection', 'X-User, cookie']],
    [['connection', 'x-forwarded-for']],
    [
      ['connection', 'Upgrade, HTTP2-Settings'],
      ['upgrade', 'h2c'],
      ['http2-settings', 'AAMAAABkAAQAAP__'],
    ],
    [
      ['connection', 'upgrade'],
      ['upgrade', 'acme'],
    ],
  ]);
}
