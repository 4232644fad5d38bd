/*
 * The command `versioned-mesh`: connects run() to the process. Streams are opened when used, since each takes some milliseconds.
 */
import { ExitCode } from './io';
import { run } from './run';
import { wantsColors } from './style';

/** A reader that has seen enough (`| head`) is no error. A full disk is one, and must not pass for findings. */
function onWriteError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') {
    writeError(`versioned-mesh: The output cannot be written: ${error.message}\n`);
    process.exit(ExitCode.UNUSABLE);
  }
}

/** A fault of this command itself says nothing about the manifests, so its status is not that of findings. */
function onFault(error: unknown): void {
  const stack = error instanceof Error ? error.stack : String(error);
  writeError(
    `versioned-mesh: This is a bug in versioned-mesh, not a mistake in its input; please report it:\n${stack}\n`,
  );
  process.exitCode = ExitCode.UNUSABLE;
}

function writeError(text: string): void {
  process.stderr.on('error', () => undefined).write(text);
}

async function main(): Promise<void> {
  process.stdout.on('error', onWriteError);
  // Not process.exit: what is still on its way into a pipe must arrive.
  process.exitCode = await run(process.argv.slice(2), {
    get input() {
      return process.stdin;
    },
    out: (text) => process.stdout.write(text),
    err: writeError,
    colors: wantsColors(process.env, process.stdout.isTTY === true),
  });
}

main().catch(onFault);
