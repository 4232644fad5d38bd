import { readFileSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { readCases } from '../../src/cases/read-cases';
import { type CaseResult, runCases } from '../../src/cases/routing-case';
import { MeshInputError } from '../../src/manifests/input-error';
import { Mesh } from '../../src/mesh';
import { Folder } from '../cli/command';
import { shopYaml } from '../testing/shop';

const folder = new Folder();
afterAll(() => rmSync(folder.path, { recursive: true }));

const MESH = Mesh.fromYaml(readFileSync(path.join(__dirname, '../cli/fixtures/apis.yaml'), 'utf8'));

/** The result of one case about a path of apis.example.com. */
function caseOf(request: string, expect: string): CaseResult {
  const file = folder.write('case.yaml', `tests:\n  - request: ${request}\n    expect: ${expect}\n`);
  return runCases(MESH, readCases([file]))[0];
}

function complaints(url: string, expect: string): readonly string[] {
  return caseOf(`{ url: 'http://apis.example.com${url}' }`, expect).failures.flatMap((failure) => failure.complaints);
}

describe('what a decision can be held against', () => {
  test.each([
    ['/', '{ version: v1 }'],
    ['/', '{ subset: v1, port: 80 }'],
    ['/', '{ service: apis }'],
    ['/', '{ service: apis.apis }'],
    ['/', '{ service: apis.apis.svc.cluster.local }'],
    ['/', '{ workload: apis-v1 }'],
    ['/', '{ workload: apis/apis-v1 }'],
    ['/', '{ outcome: FORWARD, mirrors: [apis] }'],
    ['/half/a?b=c', '{ split: { v1: 50, v2: 50 }, mirrors: [] }'],
    ['/half/a?b=c', '{ forwarded: { path: /all/a?b=c, method: GET, authority: apis.example.com } }'],
    ['/half/a', '{ forwarded: { httpVersion: "1.1" } }'],
    ['/half/a', '{ forwarded: { headers: { X-Half: "yes", cookie: null } } }'],
    ['/old/page', '{ redirect: "http://apis.example.com/new", status: 301 }'],
    ['/teapot', '{ outcome: DIRECT_RESPONSE, status: 418, body: short and stout }'],
    [':81/', '{ outcome: NO_LISTENER }'],
  ])('%s meets %s', (url, expect_) => {
    expect(complaints(url, expect_)).toEqual([]);
  });

  test('and that a client of gRPC gets its words for it, in HTTP/2', () => {
    const request =
      "{ url: 'http://apis.example.com/teapot', httpVersion: '2', headers: { content-type: application/grpc } }";
    expect(caseOf(request, '{ status: 200, grpcStatus: UNKNOWN }').failures).toEqual([]);
  });

  test.each([
    ['/', '{ version: v2 }', 'expected version v2, got v1'],
    ['/', '{ subset: v2 }', 'expected subset v2, got v1'],
    ['/', '{ service: api }', 'expected service api, got apis.apis.svc.cluster.local'],
    ['/', '{ service: apis.shop }', 'expected service apis.shop, got apis.apis.svc.cluster.local'],
    ['/', '{ port: 8000 }', 'expected port 8000, got 80'],
    ['/', '{ workload: shop/apis-v1 }', 'expected workload shop/apis-v1, got apis/apis-v1'],
    ['/', '{ outcome: REDIRECT }', 'expected outcome REDIRECT, got FORWARD'],
    [
      '/',
      '{ status: 200 }',
      'expected status 200, but the request arrives, so the app answers with its own status; expect where it arrives, or outcome FORWARD',
    ],
    ['/old', '{ status: 404 }', 'expected status 404, got 301'],
    [':81/', '{ status: 404 }', 'expected status 404, got none'],
    ['/old', '{ grpcStatus: UNKNOWN }', 'expected grpcStatus UNKNOWN, got none'],
    ['/', '{ forwarded: { httpVersion: "2" } }', 'expected forwarded httpVersion 2, got 1.1'],
    ['/', '{ mirrors: [] }', 'expected mirrors none, got apis.apis.svc.cluster.local'],
    ['/', '{ redirect: http://a/ }', 'expected redirect http://a/, got none'],
    ['/half', '{ version: v1 }', '50 % of the requests: expected version v1, got v2'],
    ['/half', '{ split: { v1: 90, v2: 10 } }', 'expected split v1 90 %, v2 10 %, got v1 50 %, v2 50 %'],
    ['/half', '{ split: { v1: 100 } }', 'expected split v1 100 %, got v1 50 %, v2 50 %'],
    ['/', '{ forwarded: { headers: { x-half: "yes" } } }', 'expected forwarded header x-half yes, got none'],
    [':81/', '{ version: v1 }', 'expected the request to arrive, but it ends in NO_LISTENER'],
    ['/old', '{ version: v1 }', 'expected the request to arrive, but it ends in REDIRECT'],
  ])('%s misses %s', (url, expect_, complaint) => {
    expect(complaints(url, expect_)).toContain(complaint);
  });
});

describe('requests of which a fault aborts a share', () => {
  const FAULTY = Mesh.fromYaml(
    shopYaml(
      '[{ fault: { abort: { httpStatus: 418, percentage: { value: 30 } } }, route: [{ destination: { host: shop, subset: two } }] }]',
    ),
  );
  const complaintsOf = (expect: string) => {
    const file = folder.write(
      'fault.yaml',
      `tests: [{ request: { url: http://shop.example.com/ }, expect: ${expect} }]`,
    );
    return runCases(FAULTY, readCases([file]))[0].failures.flatMap((failure) => failure.complaints);
  };

  test.each(['{ version: v2 }', '{ subset: two }', '{ outcome: FORWARD, service: shop }'])(
    'do not meet %s',
    (expect_) => {
      expect(complaintsOf(expect_)).toEqual([
        '30 % of the requests: expected to arrive, but they are aborted with 418 by a fault',
      ]);
    },
  );

  test('are a share of the split', () => {
    expect(complaintsOf('{ split: { v2: 100 } }')).toEqual([
      'expected split v2 100 %, got v2 70 %, aborted with 418 30 %',
    ]);
    expect(complaintsOf('{ split: { v2: 70, aborted with 418: 30 } }')).toEqual([]);
  });
});

test('a failed case shows the decision', () => {
  const [{ explanation }] = caseOf('{ url: http://apis.example.com/ }', '{ version: v2 }').failures;
  expect(explanation).toContain('rule 5 of 5');
});

test('a request says all that one can ask a mesh', () => {
  const request =
    '{ url: http://apis/, method: POST, headers: { a: "1", b: ["2", "3"] }, from: mesh:apis/apis-v1, gatewayNamespace: x }';
  expect(caseOf(request, '{ forwarded: { method: POST, headers: { a: "1", b: "2,3" } } }').failures).toEqual([]);
});

test('a request that makes no sense fails its case alone', () => {
  const [failure] = caseOf('{ url: nowhere }', '{ version: v1 }').failures;
  expect(failure.complaints[0]).toContain('nowhere');
});

test('a case without a name is called after its request', () => {
  expect(caseOf('{ url: http://a/, method: PUT }', '{ status: 200 }').name).toBe('PUT http://a/');
});

test.each([
  ['a misspelt expectation', '[{ request: { url: http://a/ }, expect: { verson: v1 } }]', 'did you mean version?'],
  [
    'a misspelt part of the request',
    '[{ request: { url: http://a/, header: {} }, expect: { version: v1 } }]',
    'headers',
  ],
  ['no expectation', '[{ request: { url: http://a/ } }]', 'any decision would pass'],
  ['an empty expectation', '[{ request: { url: http://a/ }, expect: { version: } }]', 'any decision would pass'],
  ['no url', '[{ request: {}, expect: { version: v1 } }]', 'no url'],
  ['a number for a version', '[{ request: { url: http://a/ }, expect: { version: 2 } }]', 'tests[0].expect.version'],
  ['an outcome that does not exist', '[{ request: { url: http://a/ }, expect: { outcome: FORWARDED } }]', 'FORWARD?'],
  ['cases that are no list', '{ a: b }', 'tests is a map where a list is expected'],
  ['no cases', '[]', 'no test cases'],
])('%s is refused, because it would test nothing', (_name, tests, words) => {
  const file = folder.write('unusable.yaml', `tests: ${tests}`);
  expect(() => readCases([file])).toThrow(MeshInputError);
  expect(() => readCases([file])).toThrow(words);
});

test.each([
  ['{}', '{ split: {} }', 'the shares of tests[0].expect.split sum to 0'],
  ['{}', '{ split: { v1: 50, v2: 40 } }', 'sum to 90, and every request goes somewhere'],
  ['{}', '{ forwarded: {} }', 'tests[0].expect.forwarded is empty, so any request would pass'],
  ['{ a: }', '{ version: v1 }', 'tests[0].request.headers.a has no value, so the header would not be sent'],
])('with headers %s, %s is refused, since it means nothing', (headers, expected, refusal) => {
  const ask = () => caseOf(`{ url: 'http://apis.example.com/', headers: ${headers} }`, expected);
  expect(ask).toThrow(MeshInputError);
  expect(ask).toThrow(refusal);
});

test('shares may be rounded', () => {
  expect(() => caseOf("{ url: 'http://apis.example.com/' }", '{ split: { v1: 33, v2: 33, v3: 33 } }')).not.toThrow();
});

describe('what proves nothing', () => {
  const REFUSED = Mesh.fromYaml(shopYaml('[{ timeout: 1 fortnight, route: [{ destination: { host: shop } }] }]'));
  const UNDECIDED = Mesh.fromYaml(shopYaml('[{ redirect: { uri: /new, redirectCode: 399 } }]'));

  function run(mesh: Mesh, expect: string, inCase: string, inFile: string): readonly string[] {
    const request = "{ url: 'http://shop.example.com/' }";
    const file = folder.write('case.yaml', `tests: [{ request: ${request}, expect: ${expect}${inCase} }]\n${inFile}`);
    const [{ failures }] = runCases(mesh, readCases([file]));
    return failures.flatMap(({ complaints: all }) => all);
  }

  test.each([
    ['neither', '', '', 1],
    ['the case', ', allowRefused: true', '', 0],
    ['the file', '', 'allowRefused: true', 0],
    ['the file, but not the case', ', allowRefused: false', 'allowRefused: true', 1],
  ])('a refused object, where %s allows it', (_, inCase, inFile, number) => {
    const all = run(REFUSED, '{ outcome: FORWARD }', inCase, inFile);
    expect(all).toHaveLength(number);
    expect(all.filter((text) => !text.includes('VirtualService shop/shop is refused'))).toEqual([]);
    expect(all.filter((text) => !text.includes('allowRefused: true'))).toEqual([]);
  });

  test('what the manifests do not decide, unless just that is expected', () => {
    expect(run(UNDECIDED, '{ mirrors: [] }', '', '')).toEqual([
      expect.stringContaining('the manifests do not decide the request'),
    ]);
    expect(run(UNDECIDED, '{ outcome: UNDECIDED }', '', '')).toEqual([]);
  });

  test('but a file may assume a Gateway that is elsewhere', () => {
    const bound = shopYaml('[{ route: [{ destination: { host: shop, subset: two } }] }]').replace(
      '[ingress]',
      '[infra/a]',
    );
    const mesh = Mesh.fromYaml(bound);
    expect(run(mesh, '{ version: v2 }', '', '')).not.toEqual([]);
    expect(run(mesh, '{ version: v2 }', '', 'assumeGateways: true')).toEqual([]);
  });
});
