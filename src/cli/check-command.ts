import type { Check } from '../checks/check';
import { type Finding, isAtLeast, Severity } from '../checks/finding';
import { unreadableFile } from '../checks/input/unreadable-file';
import { printable } from '../syntax/printable';
import { suggestion } from '../syntax/wording';
import type { Arguments } from './arguments';
import type { Command } from './command';
import { findingsAsJson } from './findings-as-json';
import { findingsAsText } from './findings-as-text';
import { MESH_FLAGS, readMesh, readMeshAloud } from './input';
import { ExitCode, type Io, UsageError } from './io';
import { colored, plain } from './style';

export const checkCommand: Command = {
  name: 'check',
  usage: 'PATH... [flags]',
  summary: 'finds what is wrong with the manifests',
  description: `Runs every check over the manifests. Give everything that belongs together in one run: a route in one file and the
Service it names in another are checked as one mesh.

Exit status: 0 nothing found, 1 findings as severe as --fail-on or more, 2 the input cannot be used.`,
  flags: [
    {
      name: 'format',
      value: 'FORMAT',
      choices: ['text', 'json', 'sarif', 'github', 'markdown'],
      help: "how findings are written ('text')",
    },
    {
      name: 'fail-on',
      value: 'SEVERITY',
      choices: ['error', 'warning', 'unreadable'],
      help: "findings that make the exit status 1, besides errors ('error')",
    },
    { name: 'disable', value: 'ID,...', help: 'checks to leave out' },
    { name: 'previous', value: 'PATH', help: 'the state applied before, to check the step from there too' },
    ...MESH_FLAGS,
  ],
  examples: [
    'versioned-mesh check dist/',
    'helm template my-chart | versioned-mesh check -',
    'kubectl get svc,deploy,gateway,vs,dr -A -o yaml | versioned-mesh check - --fail-on warning',
    'versioned-mesh check dist/ --format sarif > mesh.sarif',
    'versioned-mesh check dist/ --format markdown | gh pr comment 12 --body-file -',
    'versioned-mesh check dist/ --disable gateway-not-found',
    'versioned-mesh check dist/step-2 --previous dist/step-1',
  ],
  async run(args, io) {
    const disable = disabledChecks(args);
    const { mesh, notes } = await readMesh(args.positionals, args, io);
    const before = args.texts('previous');
    const previous = before.length === 0 ? undefined : await readMeshAloud(before, args, io);
    const findings = mesh.check({ disable, previous });
    io.out(inFormat(args.text('format'), findings, mesh._model.objects.length, io));
    // What only a program reads must be that alone.
    const say = args.text('format') === 'text' || !args.has('format') ? io.out : io.err;
    for (const note of notes) {
      say(`${printable(note)}\n`);
    }
    return failsOn(args.text('fail-on'), findings) ? ExitCode.BAD : ExitCode.GOOD;
  },
};

function failsOn(limit: string | undefined, findings: readonly Finding[]): boolean {
  const severity = limit === 'warning' ? Severity.WARNING : Severity.ERROR;
  return findings.some(
    (finding) =>
      isAtLeast(finding.severity, severity) || (limit === 'unreadable' && finding.check === unreadableFile.id),
  );
}

/** Each format but the first is loaded when it is asked for. */
function inFormat(format: string | undefined, findings: readonly Finding[], objects: number, io: Io): string {
  switch (format) {
    case 'json':
      return findingsAsJson(findings);
    case 'sarif': {
      const { findingsAsSarif } = require('./findings-as-sarif') as typeof import('./findings-as-sarif');
      return findingsAsSarif(findings, allChecks(), process.cwd());
    }
    case 'github': {
      const { findingsAsGithub } = require('./findings-as-github') as typeof import('./findings-as-github');
      return findingsAsGithub(findings, objects, process.cwd());
    }
    case 'markdown': {
      const { findingsAsMarkdown } = require('./findings-as-markdown') as typeof import('./findings-as-markdown');
      return findingsAsMarkdown(findings, objects);
    }
    default:
      return findingsAsText(findings, objects, io.colors ? colored : plain);
  }
}

function allChecks(): readonly Check[] {
  return (require('../checks/all-checks') as typeof import('../checks/all-checks')).ALL_CHECKS;
}

function disabledChecks(args: Arguments): string[] {
  const ids = args.texts('disable').flatMap((list) => list.split(',').map((id) => id.trim()));
  if (ids.length === 0) {
    return ids;
  }
  const known = allChecks().map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    const help = suggestion(unknown, known) || `; the checks are ${known.sort().join(', ')}`;
    throw new UsageError(`There is no check ${JSON.stringify(unknown)} to disable${help}`);
  }
  return ids;
}
