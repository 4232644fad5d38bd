/*
 * Any match that can be written and any request: the request reaches the rule's version just when the match, read as its names
 * say, is fulfilled. Asked at the gateway, and inside the mesh.
 */
import { ApiObject, type Chart } from 'cdk8s';
import {
  HeaderMatch,
  HeaderRoutedMesh,
  Mesh,
  MethodMatch,
  PathMatch,
  QueryMatch,
  RequestMatch,
  SourceMatch,
  TrafficSource,
} from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { refusalOf } from '../../support/refusal';
import { newChart } from '../../support/synth';
import { versioned } from '../../support/versioned';

interface Request {
  readonly headers: { readonly [name: string]: string };
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly caller: Caller;
}

interface Caller {
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
}

/** A match, and what its author means by it. */
interface Meaning {
  readonly text: string;
  readonly make: () => RequestMatch;
  readonly holds: (request: Request) => boolean;
}

const CALLERS: { readonly [name: string]: Caller } = {
  web: { namespace: 'shop', labels: { app: 'web', tier: 'front' } },
  batch: { namespace: 'shop', labels: { app: 'batch', tier: 'back' } },
  guest: { namespace: 'other', labels: { app: 'web', tier: 'back' } },
};

const value = fc.constantFrom('a', 'ab', 'b', 'c');
const headerName = fc.constantFrom('x-a', 'x-b');
const memberKey = fc.constantFrom('lane', 'xlane', 'lan');
const memberValue = fc.constantFrom('beta', 'beta2', 'a/b', 'café x', 'a=b', '');

const header: fc.Arbitrary<Meaning> = fc.oneof(
  fc.tuple(headerName, value).map(([name, text]) =>
    leaf(
      `${name} = ${text}`,
      () => HeaderMatch.exact(name, text),
      ({ headers }) => headers[name] === text,
    ),
  ),
  fc.tuple(headerName, value).map(([name, text]) =>
    leaf(
      `${name} ~ ${text}*`,
      () => HeaderMatch.prefix(name, text),
      ({ headers }) => headers[name]?.startsWith(text) ?? false,
    ),
  ),
  fc.tuple(headerName, value).map(([name, text]) =>
    leaf(
      `${name} ~ *${text}*`,
      () => HeaderMatch.contains(name, text),
      ({ headers }) => headers[name]?.includes(text) ?? false,
    ),
  ),
  headerName.map((name) =>
    leaf(
      `${name}?`,
      () => HeaderMatch.present(name),
      ({ headers }) => name in headers,
    ),
  ),
  headerName.map((name) =>
    leaf(
      `no ${name}`,
      () => HeaderMatch.absent(name),
      ({ headers }) => !(name in headers),
    ),
  ),
  fc.tuple(memberKey, memberValue).map(([key, text]) =>
    leaf(
      `baggage ${key}=${text}`,
      () => HeaderMatch.baggage(key, text),
      ({ headers }) => membersOf(headers.baggage).some(([k, v]) => k === key && v === text),
    ),
  ),
);

const queryName = fc.constantFrom('v', 'vv', 'V');
const queryValue = fc.constantFrom('', 'a', 'ab', 'a%20b', 'x=y');
const other: fc.Arbitrary<Meaning> = fc.oneof(
  fc.tuple(queryName, queryValue).map(([name, text]) =>
    leaf(
      `?${name}=${text}`,
      () => QueryMatch.exact(name, text),
      (request) => parameter(request, name) === text,
    ),
  ),
  queryName.map((name) =>
    leaf(
      `?${name} ~ a.*`,
      () => QueryMatch.regex(name, 'a.*'),
      (request) => parameter(request, name)?.startsWith('a') ?? false,
    ),
  ),
  queryName.map((name) =>
    leaf(
      `?${name}`,
      () => QueryMatch.present(name),
      (request) => parameter(request, name) !== undefined,
    ),
  ),
  fc.uniqueArray(fc.constantFrom<string[]>('GET', 'HEAD', 'POST', 'PUT'), { minLength: 1 }).map((methods) =>
    leaf(
      methods.join('|'),
      () => MethodMatch.exact(...methods),
      ({ method }) => methods.includes(method),
    ),
  ),
  fc.constantFrom('/a', '/a/').map((folder) =>
    leaf(
      `under ${folder}`,
      () => PathMatch.under(folder),
      ({ path }) => path === '/a' || path.startsWith('/a/'),
    ),
  ),
  fc.constantFrom('/', '/a').map((path) =>
    leaf(
      path,
      () => PathMatch.exact(path),
      (request) => request.path === path,
    ),
  ),
);

const source: fc.Arbitrary<Meaning> = fc.oneof(
  fc.constantFrom('shop', 'other').map((namespace) =>
    leaf(
      `from ${namespace}`,
      () => SourceMatch.namespace(namespace),
      ({ caller }) => caller.namespace === namespace,
    ),
  ),
  fc
    .constantFrom<{ [key: string]: string }>({ app: 'web' }, { tier: 'back' }, { app: 'web', tier: 'front' })
    .map((labels) =>
      leaf(
        `from ${JSON.stringify(labels)}`,
        () => SourceMatch.labels(labels),
        ({ caller }) => Object.entries(labels).every(([key, text]) => caller.labels[key] === text),
      ),
    ),
);

/** Joined in whatever way; negated only what asks about headers. */
const ofHeaders = fc.letrec<{ tree: Meaning }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, header, joined(tie('tree')), tie('tree').map(negated)),
})).tree;
const ofAll = (leaves: fc.Arbitrary<Meaning>) =>
  fc.letrec<{ tree: Meaning }>((tie) => ({
    tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaves, ofHeaders, joined(tie('tree'))),
  })).tree;

const member = fc
  .tuple(memberKey, memberValue, fc.constantFrom('', ';p', ' ; lane=beta'), fc.boolean())
  .map(([key, text, properties, sparing]) => {
    const encoded = encodeURIComponent(text);
    return `${key}=${sparing ? encoded.replace(/%2F/g, '/').replace(/%3D/g, '=') : encoded.toLowerCase()}${properties}`;
  });
const request: fc.Arbitrary<Request> = fc.record({
  headers: fc.record(
    {
      'x-a': fc.constantFrom('', 'a', 'ab', 'b', 'bc'),
      'x-b': fc.constantFrom('', 'a', 'ab', 'b'),
      baggage: fc
        .tuple(fc.array(member, { minLength: 1, maxLength: 3 }), fc.constantFrom(',', ' , ', ', '))
        .map(([members, separator]) => members.join(separator)),
    },
    { requiredKeys: [] },
  ),
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE'),
  path: fc.constantFrom('/', '/a', '/a/', '/a/b', '/ab'),
  query: fc.array(fc.tuple(queryName, queryValue), { maxLength: 3 }),
  caller: fc.constantFrom(...Object.values(CALLERS)),
});

test.each<[string, fc.Arbitrary<Meaning>, (match: RequestMatch) => (request: Request) => string | undefined]>([
  ['at the gateway', ofAll(other), atGateway],
  ['inside the mesh', ofAll(fc.oneof(other, source)), insideTheMesh],
])('%s', (_where, meanings, route) => {
  fc.assert(
    fc.property(meanings, fc.array(request, { minLength: 10, maxLength: 20 }), (meaning, requests) => {
      const match = madeOf(meaning);
      fc.pre(match !== undefined);
      const reached = route(match as RequestMatch);
      for (const sent of requests) {
        expect([meaning.text, sent, reached(sent)]).toEqual([meaning.text, sent, meaning.holds(sent) ? 'v2' : 'v1']);
      }
    }),
    { numRuns: 100 },
  );
});

test('safe methods only, and of the caller: asked of the whole tree', () => {
  fc.assert(
    fc.property(ofAll(fc.oneof(other, source)), fc.array(request, { maxLength: 20 }), (meaning, requests) => {
      const match = madeOf(meaning);
      fc.pre(match !== undefined);
      const changing = requests.filter(({ method }) => !['GET', 'HEAD'].includes(method));
      if (match?._hasSafeMethodOnly()) {
        expect(changing.filter(meaning.holds)).toEqual([]);
      }
      if (!match?._isFromSource()) {
        const elsewhere = requests.map((sent) => ({ ...sent, caller: { namespace: 'none', labels: {} } }));
        expect(elsewhere.map(meaning.holds)).toEqual(requests.map(meaning.holds));
      }
    }),
    { numRuns: 200 },
  );
});

function leaf(text: string, make: () => RequestMatch, holds: (request: Request) => boolean): Meaning {
  return { text, make, holds };
}

function joined(part: fc.Arbitrary<Meaning>): fc.Arbitrary<Meaning> {
  return fc.tuple(fc.boolean(), fc.array(part, { minLength: 1, maxLength: 3 })).map(([all, parts]) => ({
    text: `${all ? 'all' : 'any'}(${parts.map(({ text }) => text).join(', ')})`,
    make: () => (all ? RequestMatch.allOf : RequestMatch.anyOf)(...parts.map(({ make }) => make())),
    holds: (sent) => (all ? parts.every(({ holds }) => holds(sent)) : parts.some(({ holds }) => holds(sent))),
  }));
}

function negated({ text, make, holds }: Meaning): Meaning {
  return { text: `not(${text})`, make: () => RequestMatch.not(make()), holds: (sent) => !holds(sent) };
}

/** Undefined for what one rule of Istio cannot say, which a sentence says. */
function madeOf({ make }: Meaning): RequestMatch | undefined {
  try {
    return make();
  } catch {
    expect(refusalOf(make)).toMatch(/^RequestMatch\.\w+: .*\.$/);
    return undefined;
  }
}

function atGateway(match: RequestMatch): (request: Request) => string | undefined {
  const mesh = routed(TrafficSource.GATEWAY, match);
  return (sent) => mesh.route(asked('shop.example.com', sent)).destinations[0]?.subset;
}

function insideTheMesh(match: RequestMatch): (request: Request) => string | undefined {
  const mesh = routed(TrafficSource.MESH, match);
  return (sent) => {
    const name = Object.keys(CALLERS).find((key) => CALLERS[key] === sent.caller);
    const from = `mesh:${sent.caller.namespace}/${name}`;
    return mesh.route({ ...asked('apis.shop.svc.cluster.local', sent), from }).destinations[0]?.subset;
  };
}

function routed(traffic: TrafficSource, match: RequestMatch): Mesh {
  const chart = newChart();
  const apis = versioned(chart);
  const hosts = traffic === TrafficSource.GATEWAY ? ['shop.example.com'] : [];
  new HeaderRoutedMesh(chart, 'mesh', { traffic, hosts, ...apis }).route(apis.service.version('v2'), match);
  for (const [name, caller] of Object.entries(CALLERS)) {
    addCaller(chart, name, caller);
  }
  return Mesh.fromChart(chart);
}

function addCaller(chart: Chart, name: string, { namespace, labels }: Caller): void {
  new ApiObject(chart, name, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app:1' }] } },
    },
  });
}

function asked(host: string, { headers, method, path, query }: Request) {
  const sent = query.map(([name, text]) => `${name}=${text}`).join('&');
  return { url: `http://${host}${path}${sent === '' ? '' : `?${sent}`}`, method, headers };
}

function parameter({ query }: Request, name: string): string | undefined {
  return query.find(([key]) => key === name)?.[1];
}

/** Keys and values, as a library for baggage reads them. */
function membersOf(baggage: string | undefined): string[][] {
  return (baggage?.split(',') ?? []).map((written) => {
    const [pair] = written.split(';');
    const equals = pair.indexOf('=');
    return [pair.slice(0, equals).trim(), decodeURIComponent(pair.slice(equals + 1).trim())];
  });
}
