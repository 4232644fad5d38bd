import { CaveatKind } from '../envoy/caveat';
import type { RouteDecision } from '../envoy/decision';
import { RouteOutcome } from '../envoy/outcome';
import type { RouteRequest } from '../envoy/request';
import { RequestError } from '../proxy/request-error';
import type { Arguments } from './arguments';
import type { Command } from './command';
import { decisionAsJson } from './decision-as-json';
import { decisionAsText } from './decision-as-text';
import { GATEWAY_FLAGS, gatewayLabels } from './gateway-flags';
import { ASSUME_FLAG, MESH_FLAGS, OUTBOUND_FLAG, readMeshAloud } from './input';
import { ExitCode, UsageError } from './io';
import { colored, plain } from './style';

/** Outcomes with which the client gets what the manifests mean it to get. */
const ANSWERED: ReadonlySet<RouteOutcome> = new Set([
  RouteOutcome.FORWARD,
  RouteOutcome.REDIRECT,
  RouteOutcome.DIRECT_RESPONSE,
  RouteOutcome.PREFLIGHT,
  RouteOutcome.TCP_FORWARD,
  RouteOutcome.PASSTHROUGH,
]);

export const routeCommand: Command = {
  name: 'route',
  usage: 'PATH... --url URL [flags]',
  summary: 'shows where a request goes, and why',
  description: `Routes one request through the manifests as Istio would, and shows the decision and the steps that led to it. The flags of
the request are curl's. Only what is given is sent: there is no user-agent or accept header unless one is named.

Exit status: 0 a destination, a redirect, a direct response or a preflight; 1 it fails, or a share of it does (refused,
404, 503, an injected abort, an answer to gRPC that is not the app's, or the manifests do not decide), or the answer rests on an
object that the API server or Istio refuses; 2 the input cannot be used.`,
  flags: [
    { name: 'url', value: 'URL', help: 'URL of the request: http:// or https://, host, port, path' },
    { name: 'header', short: 'H', value: 'LINE', help: "a header, 'name: value'; may be repeated" },
    { name: 'request', short: 'X', value: 'METHOD', help: "method ('GET')" },
    { name: 'head', short: 'I', help: 'method HEAD' },
    { name: 'data', short: 'd', value: 'BODY', help: 'method POST; routing does not look at the body' },
    { name: 'user-agent', short: 'A', value: 'TEXT', help: 'the user-agent header' },
    { name: 'cookie', short: 'b', value: 'TEXT', help: "the cookie header, 'name=value; name=value'" },
    { name: 'referer', short: 'e', value: 'URL', help: 'the referer header' },
    { name: 'http2', help: 'speak HTTP/2, over TLS or by prior knowledge' },
    { name: 'from', value: 'SENDER', help: "who sends it: 'gateway', or mesh:NAMESPACE/WORKLOAD ('gateway')" },
    ...GATEWAY_FLAGS,
    { name: 'json', help: 'write JSON' },
    ASSUME_FLAG,
    OUTBOUND_FLAG,
    ...MESH_FLAGS,
  ],
  examples: [
    "versioned-mesh route dist/ --url http://apis.example.com/ -H 'x-version: v2'",
    'versioned-mesh route dist/ --url https://apis.example.com/users -X POST -b session=beta',
    'versioned-mesh route dist/ --url http://reviews:9080/ --from mesh:bookinfo/productpage-v1',
    'helm template my-chart | versioned-mesh route - --url http://apis.example.com/ --json | jq .destinations',
  ],
  async run(args, io) {
    const request = readRequest(args);
    const mesh = await readMeshAloud(args.positionals, args, io);
    const decision = route(() => mesh.route(request));
    const good = isAnswered(decision) && decision.caveats.every(({ kind }) => kind !== CaveatKind.REFUSED);
    if (args.has('json')) {
      io.out(decisionAsJson(decision));
    } else {
      io.out(decisionAsText(decision, good ? 'green' : 'red', io.colors ? colored : plain));
    }
    return good ? ExitCode.GOOD : ExitCode.BAD;
  },
};

/** A request that makes no sense is a RequestError of the library, and a mistake on the command line. */
function route(ask: () => RouteDecision): RouteDecision {
  try {
    return ask();
  } catch (error) {
    throw error instanceof RequestError ? new UsageError(error.message) : error;
  }
}

/** Whether all requests are answered: a fault may abort a share of them. */
function isAnswered({ outcome, destinations, fault, grpcStatus = 'OK' }: RouteDecision): boolean {
  const aborted = (fault?.abortPercentage ?? 0) > 0;
  // To a client of gRPC, a redirect or a direct response is a failure.
  return (
    !aborted &&
    grpcStatus === 'OK' &&
    ANSWERED.has(outcome) &&
    destinations.every((destination) => ANSWERED.has(destination.outcome))
  );
}

function readRequest(args: Arguments): RouteRequest {
  const url = args.text('url');
  if (url === undefined) {
    const misplaced = args.positionals.find((word) => /^https?:/i.test(word));
    throw new UsageError(`The request's URL is missing; write --url ${misplaced ?? 'http://apis.example.com/'}`);
  }
  if (args.texts('url').length > 1) {
    throw new UsageError(
      '--url is given twice, and one request is routed at a time; run the command once for each URL',
    );
  }
  return {
    url,
    method: methodOf(args),
    headerLines: headerLines(args),
    httpVersion: args.has('http2') ? '2' : undefined,
    from: args.text('from'),
    gatewayLabels: gatewayLabels(args),
    gatewayNamespace: args.text('gateway-namespace'),
  };
}

function methodOf(args: Arguments): string | undefined {
  return args.text('request') ?? (args.has('head') ? 'HEAD' : args.has('data') ? 'POST' : undefined);
}

/** As curl has it: `name:` sends nothing, and `name;` sends the header with an empty value. */
function headerLine(line: string): readonly string[] {
  if (/^[^:;]+;\s*$/.test(line)) {
    return [line.replace(/;\s*$/, ':')];
  }
  if (!/^:?[^:]+:/.test(line)) {
    throw new UsageError(`The header ${JSON.stringify(line)} has no ':'; write -H 'name: value'`);
  }
  return /^[^:]+:\s*$/.test(line) ? [] : [line];
}

/** As curl has it: -H stands above the flag for the same header, and an empty flag sends nothing. */
function headerLines(args: Arguments): string[] {
  const written = args.texts('header');
  const named = [
    { name: 'user-agent', value: args.text('user-agent') },
    { name: 'cookie', value: cookieOf(args) },
    { name: 'referer', value: args.text('referer') },
  ].filter(({ name, value }) => value && !written.some((line) => nameIn(line) === name));
  return [...written.flatMap(headerLine), ...named.map(({ name, value }) => `${name}: ${value}`)];
}

function nameIn(line: string): string {
  return line.split(/[:;]/, 1)[0].trim().toLowerCase();
}

function cookieOf(args: Arguments): string {
  const cookies = args.texts('cookie').filter((cookie) => cookie !== '');
  const unusable = cookies.find((cookie) => !cookie.includes('='));
  if (unusable !== undefined) {
    throw new UsageError(
      `The cookie ${JSON.stringify(unusable)} has no '='; write -b name=value (files of cookies are not read)`,
    );
  }
  return cookies.join(';');
}
