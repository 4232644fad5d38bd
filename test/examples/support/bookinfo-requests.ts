/*
 * Requests to Bookinfo, and who is meant to answer each: by the task of Istio's documentation, not by what the library says.
 */
import type { RouteDecision, RouteRequest } from 'cdk8s-versioned-mesh';

/** What becomes of a request: the Deployments that answer with their shares in percent, and what else a caller notices. */
export interface Answer {
  readonly shares: { readonly [deployment: string]: number };
  readonly status?: number;
  readonly delayMillis?: number;
}

export interface Question {
  readonly request: RouteRequest;
  readonly expected: Answer;
  /** By task, where the answer is another. */
  readonly but?: { readonly [task: string]: Answer };
  /** The gateway of the sample answers such a request itself, by 404, and ours leaves that to productpage. */
  readonly isUnknownPath?: boolean;
}

const by = (deployment: string): Answer => ({ shares: { [deployment]: 100 } });
const to = (service: string, from: string, headers?: { [name: string]: string }): RouteRequest => ({
  url: `http://${service}:9080/${service}/0`,
  from: `mesh:bookinfo/${from}`,
  headers,
});
const atGateway = (path: string, more: Partial<RouteRequest> = {}): Question => ({
  request: { url: `http://bookinfo.example.com:8080${path}`, ...more },
  expected: by('productpage-v1'),
});

const JASON = { 'end-user': 'jason' };
const V2_FOR_JASON = {
  jason: by('reviews-v2'),
  'ratings-abort': by('reviews-v2'),
  'ratings-delay': by('reviews-v2'),
};
const ONE_IN_TEN = { '90-10': { shares: { 'reviews-v1': 90, 'reviews-v2': 10 } } };
const FAULTS_FOR_JASON = {
  'ratings-abort': { shares: {}, status: 500 },
  'ratings-delay': { ...by('ratings-v1'), delayMillis: 7000 },
};
const ON_LANE = { 'x-ot-span-context': 'beta' };

export const QUESTIONS: readonly Question[] = [
  // Browsers, at the gateway.
  atGateway('/productpage'),
  atGateway('/productpage?u=test'),
  atGateway('/productpage', { headers: JASON }),
  atGateway('/productpage', { headers: { cookie: 'session=1; lane=beta' } }),
  atGateway('/static/bootstrap.css'),
  atGateway('/login', { method: 'POST' }),
  atGateway('/logout'),
  atGateway('/api/v1/products'),
  atGateway('/api/v1/products/0/reviews', { headers: JASON }),
  { ...atGateway('/'), isUnknownPath: true },
  { ...atGateway('/metrics'), isUnknownPath: true },
  { ...atGateway('/productpage/x'), isUnknownPath: true },

  // productpage, for whoever is signed in.
  { request: to('details', 'productpage-v1'), expected: by('details-v1') },
  { request: to('details', 'productpage-v1', JASON), expected: by('details-v1') },
  { request: to('reviews', 'productpage-v1'), expected: by('reviews-v1'), but: ONE_IN_TEN },
  {
    request: to('reviews', 'productpage-v1', JASON),
    expected: by('reviews-v1'),
    but: { ...ONE_IN_TEN, ...V2_FOR_JASON },
  },
  {
    request: to('reviews', 'productpage-v1', { 'end-user': 'Jason' }),
    expected: by('reviews-v1'),
    but: ONE_IN_TEN,
  },
  {
    request: to('reviews', 'productpage-v1', ON_LANE),
    expected: by('reviews-v1'),
    but: { ...ONE_IN_TEN, lane: by('reviews-v3') },
  },
  { request: to('ratings', 'productpage-v1'), expected: by('ratings-v1') },
  { request: to('ratings', 'productpage-v1', JASON), expected: by('ratings-v1'), but: FAULTS_FOR_JASON },

  // reviews, of which v1 asks nobody.
  ...['reviews-v2', 'reviews-v3'].flatMap((from): Question[] => [
    { request: to('ratings', from), expected: by('ratings-v1') },
    { request: to('ratings', from, { 'end-user': 'ann' }), expected: by('ratings-v1') },
    { request: to('ratings', from, JASON), expected: by('ratings-v1'), but: FAULTS_FOR_JASON },
    { request: to('ratings', from, ON_LANE), expected: by('ratings-v1') },
  ]),
];

export function expectedOf(task: string, { expected, but }: Question): Answer {
  return but?.[task] ?? expected;
}

export function answerOf({ destinations, status, fault }: RouteDecision): Answer {
  const isAborted = fault?.abortPercentage === 100;
  const shares = destinations
    .filter(({ weight }) => weight > 0 && !isAborted)
    .map(({ workloads, weight }) => [workloads.map(({ name }) => name).join(' and '), weight] as const);
  return {
    shares: Object.fromEntries(shares),
    ...(status !== undefined && { status }),
    ...(fault?.delayMillis !== undefined && { delayMillis: fault.delayMillis }),
  };
}

/** As in `GET http://reviews:9080/reviews/0 with end-user: jason, by bookinfo/productpage-v1`. */
export function titleOf({ request: { method = 'GET', url, headers = {}, from = 'a client' } }: Question): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${url}${lines.length === 0 ? '' : ` with ${lines.join(', ')}`}, by ${from.replace('mesh:', '')}`;
}
