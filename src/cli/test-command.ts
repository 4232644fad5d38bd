import { readCases } from '../cases/read-cases';
import { runCases } from '../cases/routing-case';
import type { Command } from './command';
import { ASSUME_FLAG, MESH_FLAGS, OUTBOUND_FLAG, readMeshAloud } from './input';
import { ExitCode, UsageError } from './io';
import { resultsAsJunit } from './results-as-junit';
import { resultsAsText } from './results-as-text';
import { colored, plain } from './style';

export const testCommand: Command = {
  name: 'test',
  usage: 'CASES... --manifests PATH... [flags]',
  summary: 'runs routing test cases',
  description: `Routes the requests of test cases through the manifests and compares the decisions with what the cases expect. CASES are files
or folders, in the format of this command (tests:) or in that of istio-config-validator (testCases:). A case reads

  tests:
    - name: Chrome gets v2
      request: { url: http://apis.example.com/, headers: { user-agent: Chrome/140 } }
      expect: { version: v2 }

and expects any of version, split, subset, service, port, workload, forwarded, outcome, status,
grpcStatus, redirect, body and mirrors. A decision that rests on an object that the API server or Istio refuses passes only with
allowRefused: true in the case or beside tests, and one that the manifests do not decide only where outcome UNDECIDED is expected.

Exit status: 0 every case passed, 1 some failed, 2 the input cannot be used.`,
  flags: [
    { name: 'manifests', short: 'm', value: 'PATH...', help: "the manifests; '-' is standard input" },
    { name: 'format', value: 'FORMAT', choices: ['text', 'junit'], help: "how results are written ('text')" },
    ASSUME_FLAG,
    OUTBOUND_FLAG,
    ...MESH_FLAGS,
  ],
  collecting: 'manifests',
  examples: [
    'versioned-mesh test routes.yaml --manifests dist/',
    'helm template my-chart | versioned-mesh test routes/ --manifests -',
    'versioned-mesh test routes.yaml --format junit --manifests dist/ > routes.xml',
  ],
  async run(args, io) {
    const paths = args.list('manifests');
    if (paths.length === 0) {
      throw new UsageError('The manifests are missing; write --manifests and then files or folders');
    }
    if (args.positionals.length === 0) {
      throw new UsageError('The test cases are missing; name their files before --manifests');
    }
    const files = readCases(args.positionals);
    const results = runCases(await readMeshAloud(paths, args, io), files);
    io.out(
      args.text('format') === 'junit' ? resultsAsJunit(results) : resultsAsText(results, io.colors ? colored : plain),
    );
    return results.every(({ failures }) => failures.length === 0) ? ExitCode.GOOD : ExitCode.BAD;
  },
};
