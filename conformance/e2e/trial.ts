/*
 * One request to a system: who answers, who should, and who the library says would.
 */
import type { Mesh } from 'cdk8s-versioned-mesh';
import { RouteOutcome } from 'cdk8s-versioned-mesh';
import { curl } from './curl';
import { UPSTREAM_HEADER } from './data-plane';
import type { Deployment } from './deployment';
import type { Request } from './systems';

export interface Trial {
  readonly asked: string;
  readonly seen: string;
  /** What the app itself says to it, or nothing where none answers. */
  readonly said: string;
  readonly predicted: string;
  /** What is not as it should be. */
  readonly complaints: readonly string[];
}

/** @param meshes that each predict the same, if the library is right */
export async function tryRequest(deployment: Deployment, meshes: readonly Mesh[], request: Request): Promise<Trial> {
  const port = await deployment.way(request.url, request.from);
  const answers: Answer[] = [];
  for (let sent = 0; sent < (request.times ?? 1); sent++) {
    answers.push(await ask(deployment, request, port));
  }
  const seen = allOf(answers.map(describe));
  const predicted = allOf(meshes.map((mesh) => predict(mesh, request)));
  return {
    asked: describeRequest(request),
    seen,
    said: allOf(answers.map((answer) => saidIn(answer, request))),
    predicted,
    complaints: [
      ...(seen === predicted ? [] : [`it was not as predicted: ${seen}, not ${predicted}`]),
      ...unlikeExpected(request, answers),
    ],
  };
}

function allOf(texts: readonly string[]): string {
  return [...new Set(texts)].join(' and ');
}

function saidIn(answer: Answer, { expected }: Request): string {
  const match = answer.kind === 'http' && expected !== 'refused' ? expected.says.exec(answer.text) : null;
  return match?.[0] ?? '';
}

type Answer =
  | { readonly kind: 'refused' }
  | { readonly kind: 'closed'; readonly reason: string }
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly text: string;
      /** What answered; undefined where Envoy did by itself. */
      readonly from?: { readonly workload: string; readonly pod: string; readonly port: number };
    };

async function ask(deployment: Deployment, request: Request, port: number): Promise<Answer> {
  const reply = await curl(argsOf(request), port);
  if (reply.kind !== 'http') {
    return reply;
  }
  const listener = deployment.listenerAt(reply.headers.get(UPSTREAM_HEADER) ?? '');
  const headers = [...reply.headers].map(([name, value]) => `${name}: ${value}`);
  return {
    kind: 'http',
    status: reply.status,
    text: [...headers, '', reply.body].join('\n'),
    from: listener && { workload: listener.pod.workload, pod: listener.pod.name, port: listener.port },
  };
}

function argsOf({ url, headers = {} }: Request): readonly string[] {
  return [...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]), url];
}

/** The library's word in the same form as what is seen. The status is the app's affair. */
function predict(mesh: Mesh, { url, headers, from }: Request): string {
  const { outcome, status, destinations } = mesh.route({
    url,
    headers: { 'user-agent': 'curl', ...headers },
    from: from === undefined ? undefined : `mesh:${from}`,
  });
  if (outcome === RouteOutcome.NO_LISTENER) {
    return 'connection refused';
  }
  const [destination, ...others] = destinations;
  if (outcome !== RouteOutcome.FORWARD || others.length > 0) {
    return `${outcome} ${status ?? ''}`;
  }
  const workloads = destination.workloads.map(({ namespace, name }) => `${namespace}/${name}`);
  return `${workloads.join(' or ')} at port ${destination.targetPort}`;
}

function describe(answer: Answer): string {
  switch (answer.kind) {
    case 'refused':
      return 'connection refused';
    case 'closed':
      return `connection closed (${answer.reason})`;
    case 'http':
      return answer.from === undefined
        ? `${answer.status} of Envoy itself`
        : `${answer.from.workload} at port ${answer.from.port}`;
  }
}

function unlikeExpected({ expected }: Request, answers: readonly Answer[]): readonly string[] {
  if (expected === 'refused') {
    return answers.every(({ kind }) => kind === 'refused') ? [] : ['the connection was not refused'];
  }
  const { workload, status, says, pods = 1 } = expected;
  const complaints = answers.flatMap((answer) => {
    if (answer.kind !== 'http') {
      return ['there was no answer'];
    }
    return [
      answer.from?.workload === workload ? [] : `it should have been answered by ${workload}`,
      answer.status === status ? [] : `the status should have been ${status}, not ${answer.status}`,
      says.test(answer.text) ? [] : `the answer should have said ${says}: ${answer.text}`,
    ].flat();
  });
  const answered = new Set(answers.map((answer) => (answer.kind === 'http' ? answer.from?.pod : undefined)));
  const spread = answered.size >= pods ? [] : [`${answered.size} pods answered, not ${pods}`];
  return [...new Set([...complaints, ...spread])];
}

function describeRequest({ url, headers = {}, from, times = 1 }: Request): string {
  const shown = Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}' `);
  const where = from === undefined ? '' : `in a pod of ${from}: `;
  return `${where}curl ${shown.join('')}${url}${times === 1 ? '' : `, ${times} times`}`;
}
