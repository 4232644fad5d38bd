/*
 * From the words of a command line to an exit status. Everything that can go wrong with the input ends here as a sentence.
 */

import { MeshInputError } from '../manifests/input-error';
import { printable } from '../syntax/printable';
import { suggestion } from '../syntax/wording';
import { readArguments } from './arguments';
import { checkCommand } from './check-command';
import { type Command, commandHelp, HELP_FLAG, PROGRAM, programHelp } from './command';
import { configCommand } from './config-command';
import { ExitCode, type Io, UsageError } from './io';
import { routeCommand } from './route-command';
import { testCommand } from './test-command';
import { thisPackage } from './this-package';

const COMMANDS: readonly Command[] = [checkCommand, routeCommand, configCommand, testCommand];

/** Runs the command. `argv` is what follows its name. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (error instanceof MeshInputError) {
      io.err(`${PROGRAM}: ${printable(error.message)}\n`);
      return ExitCode.UNUSABLE;
    }
    if (error instanceof UsageError) {
      const command = COMMANDS.find(({ name }) => name === argv[0]);
      const help = command === undefined ? '--help' : `${command.name} --help`;
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
      io.err(programHelp(COMMANDS));
      return ExitCode.UNUSABLE;
    case '--help':
    case '-h':
      io.out(programHelp(COMMANDS));
      return ExitCode.GOOD;
    case 'help':
      io.out(rest.length === 0 ? programHelp(COMMANDS) : commandHelp(commandNamed(rest[0])));
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

function commandNamed(word: string): Command {
  const command = COMMANDS.find(({ name }) => name === word);
  if (command === undefined) {
    const names = COMMANDS.map(({ name }) => name);
    const help = suggestion(word, names) || `; the commands are ${names.join(', ')}`;
    throw new UsageError(`There is no command ${JSON.stringify(word)}${help}`);
  }
  return command;
}
