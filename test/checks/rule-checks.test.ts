import fc from 'fast-check';
import { ALL_CHECKS } from '../../src/checks/all-checks';
import { Severity } from '../../src/checks/finding';
import { ruleNeverMatches } from '../../src/checks/rules/rule-never-matches';
import { unreachableRule } from '../../src/checks/rules/unreachable-rule';
import { withoutHeadersSurprise } from '../../src/checks/rules/without-headers-surprise';
import { Mesh } from '../../src/mesh';
import { check, deployment, routeTo, service, virtualService } from './manifests';

const value = fc.oneof(
  fc.record({ exact: fc.constantFrom('a', 'ab', 'b', '') }),
  fc.record({ prefix: fc.constantFrom('a', 'ab', 'b') }),
  fc.record({ regex: fc.constantFrom('.*', '.+', 'a.*', '.*b', 'a|b', '[ab]+') }),
  fc.constant({}),
);
const uri = fc.oneof(
  fc.record({ exact: fc.constantFrom('/', '/a', '/A', 'a') }),
  fc.record({ prefix: fc.constantFrom('/', '/a', '/ab') }),
  fc.record({ regex: fc.constantFrom('.*', '/a.*', '/(a|b)', '/A') }),
);
const match = fc.record(
  {
    uri,
    ignoreUriCase: fc.boolean(),
    method: fc.record({ exact: fc.constantFrom('GET', 'POST') }),
    headers: fc.dictionary(fc.constantFrom('x-a', 'X-A', 'x-b', ':method'), value, { maxKeys: 2 }),
    withoutHeaders: fc.dictionary(fc.constantFrom('x-a', 'x-b'), value, { maxKeys: 2 }),
    queryParams: fc.dictionary(fc.constant('q'), value, { maxKeys: 1 }),
  },
  { requiredKeys: [] },
);

const HEADERS = [undefined, '', 'a', 'ab', 'b', 'ba'];
const REQUESTS = ['/', '/a', '/A', '/ab', '/b', '/a?q=a', '/a?q=b'].flatMap((path) =>
  ['GET', 'POST'].flatMap((method) =>
    HEADERS.flatMap((a) =>
      HEADERS.map((b) => ({
        url: `http://apis.shop.svc.cluster.local${path}`,
        method,
        headers: headersOf({ 'x-a': a, 'x-b': b }),
      })),
    ),
  ),
);

function headersOf(values: { readonly [name: string]: string | undefined }): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

test('a rule that is called dead takes no request, by the routing of this very library', () => {
  fc.assert(
    fc.property(fc.array(fc.array(match, { maxLength: 2 }), { minLength: 1, maxLength: 4 }), (table) => {
      const http = table.map((matches) => ({ match: matches.length > 0 ? matches : undefined, ...routeTo('apis') }));
      const manifests = [service('apis'), deployment('client'), virtualService('apis', { hosts: ['apis'], http })];
      const unreachable = new Set(check(unreachableRule, manifests).map(({ path }) => path));
      const empty = [...check(ruleNeverMatches, manifests), ...check(withoutHeadersSurprise, manifests)]
        .filter(({ severity }) => severity === Severity.ERROR)
        .map(({ path }) => path);
      const dead = table.flatMap((matches, index) => {
        const isEmpty = (_: unknown, item: number) =>
          empty.some((path) => path.startsWith(`spec.http[${index}].match[${item}]`));
        return unreachable.has(`spec.http[${index}]`) || (matches.length > 0 && matches.every(isEmpty)) ? [index] : [];
      });
      const mesh = Mesh.fromManifests(manifests);
      const taken = new Set(REQUESTS.map((request) => mesh.route({ ...request, from: 'mesh:shop/client' }).ruleIndex));
      expect(dead.filter((index) => taken.has(index))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('whatever stands in a VirtualService, the checks get to their end', () => {
  const field = fc.constantFrom(
    'match',
    'uri',
    'headers',
    'withoutHeaders',
    'regex',
    'exact',
    'route',
    'destination',
    'host',
    'weight',
    'delegate',
    'name',
    'gateways',
    'sourceLabels',
    'port',
    'user-agent',
    '__proto__',
    '@request.auth.claims.a',
  );
  const { tree } = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.constantFrom(null, 0, -1, true, '', '*', '(', '.*', 'a'), fc.string({ maxLength: 5 })),
    tree: fc.oneof(
      { maxDepth: 5 },
      tie('leaf'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(field, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(tree, tree, tree, (hosts, gateways, http) => {
      const manifests = [
        virtualService('a', { hosts, gateways, http }),
        virtualService('b', { hosts: ['x', '*'], gateways: ['edge', 'mesh'], http: [http] }),
      ];
      for (const one of ALL_CHECKS) {
        check(one, manifests);
      }
    }),
    { numRuns: 300 },
  );
});

test('every check has an id of its own', () => {
  expect(new Set(ALL_CHECKS.map(({ id }) => id)).size).toBe(ALL_CHECKS.length);
});
