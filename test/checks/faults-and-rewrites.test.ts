/*
 * The checks on what a rule does beside choosing a destination: rewrite-slash, fault-before-retries and hash-and-weights.
 */
import { hashAndWeights } from '../../src/checks/destination/hash-and-weights';
import { Severity } from '../../src/checks/finding';
import { faultBeforeRetries } from '../../src/checks/rules/fault-before-retries';
import { rewriteSlash } from '../../src/checks/rules/rewrite-slash';
import { describeCheck } from './cases';
import { destinationRule, routeTo, service, virtualService } from './manifests';

const rules = (...http: object[]) => [virtualService('apis', { hosts: ['apis'], http })];
const rewriting = (uri: string, ...prefixes: string[]) => ({
  match: prefixes.map((prefix) => ({ uri: { prefix } })),
  rewrite: { uri },
  ...routeTo('apis'),
});

describeCheck(rewriteSlash, {
  silent: {
    'both end in a slash': rules(rewriting('/', '/apis/')),
    'neither does': rules(rewriting('/v1', '/apis')),
    'the longer prefix is an item before': rules(rewriting('/', '/apis/', '/apis')),
    'the longer prefix is a rule before': rules(rewriting('/', '/apis/'), rewriting('/', '/apis')),
    'the whole path is rewritten': rules({ ...rewriting('/'), match: [{ uri: { exact: '/apis' } }] }),
    'by a regex': rules({ ...rewriting('/', '/apis'), rewrite: { uriRegexRewrite: { match: '^/a', rewrite: '/' } } }),
    'only the authority': rules({ ...rewriting('/', '/apis'), rewrite: { authority: 'a' } }),
  },
  found: {
    'two slashes, or one too few': [
      rules(rewriting('/', '/apis')),
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].rewrite.uri',
        words: ["'/apis/a' becomes '//a'", "'/apisa' becomes '/a'", "'/apis/' in a match item before", '^/apis/?(.*)$'],
      },
    ],
    'a longer rewrite': [rules(rewriting('/v1/', '/apis')), { words: ["'/v1//a'", "Write 'uri: /v1'"] }],
    'a slash that is lost': [
      rules(rewriting('/v1', '/apis/')),
      { words: ["'/apis/a' becomes '/v1a'", "Write 'uri: /v1/'"] },
    ],
    'a rule without match': [
      rules({ rewrite: { uri: '/v1' }, ...routeTo('apis') }),
      { words: ["'/a' becomes '/v1a'"] },
    ],
    'the longer prefix behind': [rules(rewriting('/', '/apis', '/apis/')), {}],
    'the longer prefix before, for some requests': [
      rules(
        { ...rewriting('/'), match: [{ uri: { prefix: '/apis/' }, method: { exact: 'GET' } }] },
        rewriting('/', '/apis'),
      ),
      { path: 'spec.http[1].rewrite.uri' },
    ],
  },
});

const RETRIES = { attempts: 3, retryOn: '5xx' };
const ABORT = { httpStatus: 503, percentage: { value: 50 } };
const DELAY = { fixedDelay: '2s', percentage: { value: 100 } };

describeCheck(faultBeforeRetries, {
  silent: {
    'a fault alone': rules({ fault: { abort: ABORT, delay: DELAY }, ...routeTo('apis') }),
    'no fault': rules({ retries: RETRIES, timeout: '1s', ...routeTo('apis') }),
    'retries that are switched off': rules({ fault: { abort: ABORT }, retries: { attempts: 0 }, ...routeTo('apis') }),
    'a fault that strikes nobody': rules({
      fault: { abort: { httpStatus: 503 } },
      retries: RETRIES,
      ...routeTo('apis'),
    }),
    'an abort is no matter of time': rules({ fault: { abort: ABORT }, timeout: '1s', ...routeTo('apis') }),
    'retries without a limit of time, for a delay': rules({
      fault: { delay: DELAY },
      retries: RETRIES,
      ...routeTo('apis'),
    }),
  },
  found: {
    'an abort and retries': [
      rules({ fault: { abort: ABORT }, retries: RETRIES, ...routeTo('apis') }),
      { severity: Severity.INFO, path: 'spec.http[0].fault', words: ['aborted with 503 are not retried'] },
    ],
    'a delay and a timeout': [
      rules({ fault: { delay: DELAY }, timeout: '1s', ...routeTo('apis') }),
      { words: ['the delay of 2000 ms counts towards no timeout'] },
    ],
    'a delay and a limit for each try': [
      rules({ fault: { delay: DELAY }, retries: { ...RETRIES, perTryTimeout: '1s' }, ...routeTo('apis') }),
      { words: ['counts towards no timeout'] },
    ],
  },
});

const HASH = { consistentHash: { httpCookie: { name: 'user', ttl: '0s' } } };
const split = (...weights: number[]) =>
  rules({
    route: weights.map((weight, index) => ({ destination: { host: 'apis', subset: `v${index + 1}` }, weight })),
  });
const balanced = (loadBalancer: object, ofSubset?: object) => [
  service('apis'),
  destinationRule('apis', 'apis', [], {
    trafficPolicy: { loadBalancer },
    subsets: ['v1', 'v2'].map((version) => ({
      name: version,
      labels: { version },
      ...(ofSubset && { trafficPolicy: { loadBalancer: ofSubset } }),
    })),
  }),
];

describeCheck(hashAndWeights, {
  silent: {
    'one destination': [...balanced(HASH), ...rules(routeTo('apis', { subset: 'v1' }))],
    'one that gets everything': [...balanced(HASH), ...split(100, 0)],
    'no hash': [...balanced({ simple: 'RANDOM' }), ...split(80, 20)],
    'none where the subsets have their own': [...balanced(HASH, { simple: 'RANDOM' }), ...split(80, 20)],
    'a host that is not there': [...balanced(HASH).slice(1), ...split(80, 20)],
  },
  found: {
    'a hash for the host': [
      [...balanced(HASH), ...split(80, 20)],
      {
        severity: Severity.INFO,
        kind: 'VirtualService',
        path: 'spec.http[0].route',
        words: ['DestinationRule shop/apis', 'anew for each request', 'in a rule before this one'],
      },
    ],
    'a hash of the subsets': [[...balanced({ simple: 'RANDOM' }, HASH), ...split(80, 20)], {}],
  },
});
