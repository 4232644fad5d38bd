/*
 * `npm run conformance:bookinfo`: whether examples/bookinfo decides as Istio's own YAML of the sample does, which comes with the Go
 * module istio.io/istio.
 *
 * Compared is what `Mesh.route` says of one and the same request in both: which Deployments answer it by which shares, the status
 * where a proxy answers itself, faults, timeout and retries. Not compared are the pods, whose hardening, probes and budgets the sample has not, and
 * the lane, which it has not either.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { App } from 'cdk8s';
import { Mesh, type RouteDecision } from 'cdk8s-versioned-mesh';
import { parseAllDocuments } from 'yaml';
import { TASKS } from '../examples/bookinfo/tasks';
import { answerOf, QUESTIONS, type Question, titleOf } from '../test/examples/support/bookinfo-requests';
import { runCommand } from './command';
import type { Manifest } from './manifest';

/** By task, what is applied in its place or after the rest, in folder networking of the sample. */
const OF_TASK: { readonly [task: string]: readonly string[] } = {
  'all-v1': [],
  jason: ['virtual-service-reviews-test-v2'],
  '90-10': ['virtual-service-reviews-90-10'],
  'ratings-abort': ['virtual-service-reviews-test-v2', 'virtual-service-ratings-test-abort'],
  'ratings-delay': ['virtual-service-reviews-test-v2', 'virtual-service-ratings-test-delay'],
};
const OF_ALL = [
  'platform/kube/bookinfo',
  ...['bookinfo-gateway', 'destination-rule-all', 'virtual-service-all-v1'].map((file) => `networking/${file}`),
];

const UNKNOWN_PATH = { shares: {}, status: 404, fault: undefined, timeoutMillis: undefined, retries: undefined };

function main(): number {
  const folder = sampleFolder();
  const differences = Object.entries(OF_TASK).flatMap(([task, files]) => {
    const sample = sampleMesh(folder, [...OF_ALL, ...files.map((file) => `networking/${file}`)]);
    const example = Mesh.fromChart(TASKS[task](new App(), task));
    return QUESTIONS.flatMap((question) => difference(question, sample, example)).map((line) => `${task}: ${line}`);
  });
  const unknown = QUESTIONS.filter(({ isUnknownPath }) => isUnknownPath).length;
  console.log(
    [
      ...differences,
      `${Object.keys(OF_TASK).length} tasks, ${QUESTIONS.length} requests each, to Istio's YAML and to examples/bookinfo: ` +
        `${differences.length} answers differ.`,
      `Meant to differ: ${unknown} requests for paths that the sample's gateway does not know. It answers 404; ours has productpage answer.`,
      'Compared: Deployments and their shares, the status of what a proxy answers, faults, timeouts, retries. Not compared: pods, and the task lane.',
    ].join('\n'),
  );
  return differences.length === 0 ? 0 : 1;
}

function sampleFolder(): string {
  const module = execFileSync('go', ['list', '-m', '-f', '{{.Dir}}', 'istio.io/istio'], {
    cwd: join(__dirname, 'xds'),
    encoding: 'utf8',
  });
  return join(module.trim(), 'samples/bookinfo');
}

/** What the cluster has when these are applied one after the other: of objects of one name, the last. */
function sampleMesh(folder: string, files: readonly string[]): Mesh {
  const applied = new Map<string, unknown>();
  for (const file of files) {
    for (const manifest of manifestsIn(join(folder, `${file}.yaml`))) {
      applied.set(`${manifest.kind} ${manifest.metadata.name}`, manifest);
    }
  }
  return Mesh.fromManifests([...applied.values()], { defaultNamespace: 'bookinfo' });
}

function manifestsIn(file: string): Manifest[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).flatMap(
    (document) => (document.toJS() as Manifest | null) ?? [],
  );
}

function difference(question: Question, sample: Mesh, example: Mesh): string[] {
  const [theirs, ours] = [sample, example].map((mesh) => comparable(mesh.route(question.request)));
  const wanted = question.isUnknownPath ? UNKNOWN_PATH : ours;
  return isDeepStrictEqual(theirs, wanted)
    ? []
    : [`${titleOf(question)}\n  Istio's YAML: ${JSON.stringify(theirs)}\n  here:         ${JSON.stringify(ours)}`];
}

function comparable(decision: RouteDecision): object {
  const { fault, timeoutMillis, retries } = decision;
  return { ...answerOf(decision), fault, timeoutMillis, retries };
}

runCommand(async () => main());
