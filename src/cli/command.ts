/*
 * What a subcommand is, and its help, which is made from the same table as the reading of its flags.
 */
import type { Arguments, Flag } from './arguments';
import type { Io } from './io';

export interface Command {
  readonly name: string;
  /** What follows the name: `PATH... [flags]`. */
  readonly usage: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Paragraphs. */
  readonly description: string;
  readonly flags: readonly Flag[];
  /** The flag that takes all words after it. */
  readonly collecting?: string;
  readonly examples: readonly string[];
  run(args: Arguments, io: Io): Promise<number>;
}

export const PROGRAM = 'versioned-mesh';

export const HELP_FLAG: Flag = { name: 'help', short: 'h', help: 'show this' };

export function commandHelp({ name, usage, description, flags, examples }: Command): string {
  return [
    `Usage: ${PROGRAM} ${name} ${usage}`,
    description,
    ['Flags:', ...table([...flags, HELP_FLAG].map((flag) => [flagTitle(flag), flagHelp(flag)]))].join('\n'),
    ['Examples:', ...examples.map((example) => `  ${example}`)].join('\n'),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

export function programHelp(commands: readonly Command[]): string {
  return `Usage: ${PROGRAM} COMMAND ...

Answers questions about the Istio routes in Kubernetes manifests before anything is deployed: which version a request reaches,
why, and what is wrong with the manifests. It reads YAML and JSON files and folders of them; '-' is standard input.

Commands:
${table(commands.map(({ name, summary }) => [name, summary])).join('\n')}

  ${PROGRAM} COMMAND --help   explains a command, with examples
  ${PROGRAM} --version        shows the version

Exit status: 0 all is well, 1 something was found, 2 the input or the command line cannot be used.
Colours appear on a terminal only; NO_COLOR and FORCE_COLOR are honoured.

Examples:
  ${PROGRAM} check dist/
  kubectl get svc,deploy,gateway,vs,dr -A -o yaml | ${PROGRAM} check -
  ${PROGRAM} route dist/ --url http://apis.example.com/ -H 'x-version: v2'
  ${PROGRAM} config dist/ --from gateway --routes
  ${PROGRAM} test routes.yaml --manifests dist/
`;
}

function flagTitle({ name, short, value }: Flag): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function flagHelp({ help, choices }: Flag): string {
  return choices === undefined ? help : `${help}: ${choices.join(', ')}`;
}

/** Two columns, indented. */
export function table(rows: readonly (readonly [left: string, right: string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}   ${right}`);
}
