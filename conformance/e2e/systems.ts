/*
 * The systems that are deployed, the requests to them, and who should answer: as the systems were meant, and independent of what
 * the library says.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizedExamples } from '../synth';

export interface System {
  readonly title: string;
  /** Texts of YAML, as a user applies them, in this order. */
  readonly files: readonly string[];
  readonly podSecurity: 'privileged' | 'restricted';
  /** Of the checks that find an error, all; of the files as of what the API server makes of them. */
  readonly errors: readonly string[];
  readonly requests: readonly Request[];
}

export interface Request {
  readonly url: string;
  /** By header name; what is not given is as curl has it. */
  readonly headers?: { readonly [name: string]: string };
  /** Deployment (`namespace/name`) beside whose app the client is; outside of the cluster when left out. */
  readonly from?: string;
  /** How often it is sent. @default 1 */
  readonly times?: number;
  readonly expected: Expected;
}

export type Expected =
  | 'refused'
  | {
      /** `namespace/name` of the Deployment that answers. */
      readonly workload: string;
      readonly status: number;
      /** What it says, in a header or the body. */
      readonly says: RegExp;
      /** Of how many of its pods each answers one request at least. @default 1 */
      readonly pods?: number;
    };

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** Their images are to be had from a registry only, and the apps run here without one. */
const NOT_DEPLOYED = ['bookinfo.k8s.yaml'];

/** The examples, side by side in one cluster behind one gateway. */
export function examples(): System {
  const chrome = { workload: 'apis/apis-v1', status: 200, says: /x-app-version: v1/ };
  const others = { workload: 'apis/apis-v2', status: 200, says: /x-app-version: v2/ };
  const v1 = { workload: 'helloworld/helloworld-v1', status: 200, says: /Hello version: v1, instance: helloworld-v1/ };
  const v2 = { workload: 'helloworld/helloworld-v2', status: 200, says: /Hello version: v2, instance: helloworld-v2/ };
  const inside = { url: 'http://helloworld.helloworld:5000/hello', from: 'hello/hello-python' };
  return {
    title: 'the examples',
    files: synthesizedExamples()
      .filter(({ file }) => !NOT_DEPLOYED.includes(file))
      .map(({ yaml }) => yaml),
    podSecurity: 'restricted',
    errors: [],
    requests: [
      { url: 'http://localhost/', headers: { 'user-agent': CHROME }, expected: { ...chrome, says: /"version":"v1"/ } },
      { url: 'http://localhost/', expected: { ...others, says: /"version":"v2"/ } },
      { url: 'http://localhost/', headers: { 'user-agent': FIREFOX }, expected: others },
      { url: 'http://localhost/', headers: { 'user-agent': 'chrome' }, expected: others },
      { url: 'http://apis.example.com/Cat', headers: { 'user-agent': CHROME }, expected: chrome },
      {
        url: 'http://apis.example.com/Wiki?x=1',
        expected: { ...others, says: /"count":1,"entries":\[{"API":"Wikimedia REST API"/ },
      },
      {
        url: 'http://hello.example.com/',
        times: 60,
        expected: { workload: 'hello/hello-python', status: 200, says: /Ejemplo Kubernetes$/, pods: 4 },
      },
      { url: 'http://helloworld.example.com/hello', expected: v1 },
      { url: 'http://helloworld.example.com/hello', headers: { 'x-version': 'v2' }, expected: v2 },
      { url: 'http://helloworld.example.com/hello', headers: { 'x-version': 'v2.1' }, expected: v1 },
      {
        url: 'http://helloworld.example.com/',
        headers: { 'x-version': 'v2' },
        expected: { ...v2, status: 404, says: /Not Found/ },
      },
      { ...inside, expected: v1 },
      { ...inside, headers: { 'x-version': 'v2' }, expected: v2 },
    ],
  };
}

const ORIGINAL = readFileSync(join(__dirname, '../../test/checks/fixtures/apis-original.yaml'), 'utf8');

/** The apis system as it was first written. */
export const original: System = {
  title: 'the apis system as it was first written',
  files: [ORIGINAL],
  podSecurity: 'privileged',
  errors: ['http-routes-on-tcp-server'],
  requests: [
    { url: 'http://localhost/', headers: { 'user-agent': CHROME }, expected: 'refused' },
    { url: 'http://localhost/', expected: 'refused' },
  ],
};

/** The same but for the one word that the finding is about. */
export const repaired: System = {
  title: 'the same, with HTTP in place of TCP as the protocol of its gateway',
  files: [ORIGINAL.replace('protocol: TCP', 'protocol: HTTP')],
  podSecurity: 'privileged',
  errors: [],
  requests: [
    {
      url: 'http://localhost/',
      headers: { 'user-agent': CHROME },
      expected: { workload: 'default/romo-valadez-kubernetes', status: 200, says: /"API":"Wikimedia REST API"/ },
    },
    {
      url: 'http://localhost/',
      expected: { workload: 'default/romo-valadez-istio', status: 200, says: /"API":"Wikimedia REST API"/ },
    },
  ],
};
