/*
 * From the words of a command line to an exit status. Everything that can go wrong with the input ends here as a sentence.
 */

import { MeshInputError } from '../manifests/input-error';
import { printable } from '../syntax/printable';
import { suggestion } from '../syntax/wording';
import { readArguments } from './arguments';
import { type Command, commandHelp, HELP_FLAG, PROGRAM, programHelp } from './command';
import { ExitCode, type Io, UsageError } from './io';
import { thisPackage } from './this-package';

/** Each is loaded when it is called. */
const COMMANDS: ReadonlyMap<string, () => Command> = new Map([
  ['check', () => (require('./check-command') as typeof import('./check-command')).checkCommand],
  ['explain', () => (require('./explain-command') as typeof import('./explain-command')).explainCommand],
  ['route', () => (require('./route-command') as typeof import('./route-command')).routeCommand],
  ['config', () => (require('./config-command') as typeof import('./config-command')).configCommand],
  ['test', () => (require('./test-command') as typeof import('./test-command')).testCommand],
]);

/** Runs the command. `argv` is what follows its name. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (error instanceof MeshInputError) {
      io.err(`${PROGRAM}: ${error.lines.map(printable).join('\n  ')}\n`);
      return ExitCode.UNUSABLE;
    }
    if (error instanceof UsageError) {
      const help = COMMANDS.has(argv[0]) ? `${argv[0]} --help` : '--help';
      io.err(`${PROGRAM}: ${printable(error.message)}\nSee ${PROGRAM} ${help}\n`);
      return ExitCode.UNUSABLE;
    }
    throw error;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [first, ...rest] = argv;
  switch (first) {
    case undefined:
      io.err(programHelp(allCommands()));
      return ExitCode.UNUSABLE;
    case '--help':
    case '-h':
      io.out(programHelp(allCommands()));
      return ExitCode.GOOD;
    case 'help':
      io.out(rest.length === 0 ? programHelp(allCommands()) : commandHelp(commandNamed(rest[0])));
      return ExitCode.GOOD;
    case '--version':
    case '-V':
      io.out(`${thisPackage().version}\n`);
      return ExitCode.GOOD;
    default:
      return runCommand(commandNamed(first), rest, io);
  }
}

function runCommand(command: Command, words: readonly string[], io: Io): Promise<number> | number {
  // Help is wanted most where the rest of the line is not yet right.
  const end = words.indexOf('--');
  const flags = end < 0 ? words : words.slice(0, end);
  if (flags.includes(`--${HELP_FLAG.name}`) || flags.includes(`-${HELP_FLAG.short}`)) {
    io.out(commandHelp(command));
    return ExitCode.GOOD;
  }
  return command.run(readArguments(words, command.flags, command.collecting), io);
}

function allCommands(): readonly Command[] {
  return [...COMMANDS.values()].map((load) => load());
}

function commandNamed(word: string): Command {
  const load = COMMANDS.get(word);
  if (load === undefined) {
    const names = [...COMMANDS.keys()];
    const help = suggestion(word, names) || `; the commands are ${names.join(', ')}`;
    throw new UsageError(`There is no command ${JSON.stringify(word)}${help}`);
  }
  return load();
}
