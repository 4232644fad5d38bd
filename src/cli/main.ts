#!/usr/bin/env node
/*
 * The command `versioned-mesh`: connects run() to the process.
 */
import { ExitCode } from './io';
import { run } from './run';
import { wantsColors } from './style';

/** A reader that has seen enough (`| head`) is no error. A full disk is one, and must not pass for findings. */
function onWriteError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') {
    process.stderr.write(`versioned-mesh: The output cannot be written: ${error.message}\n`);
    process.exit(ExitCode.UNUSABLE);
  }
}

/** A fault of this command itself says nothing about the manifests, so its status is not that of findings. */
function onFault(error: unknown): void {
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(
    `versioned-mesh: This is a fault of versioned-mesh, not of its input; please report it:\n${stack}\n`,
  );
  process.exitCode = ExitCode.UNUSABLE;
}

async function main(): Promise<void> {
  process.stdout.on('error', onWriteError);
  process.stderr.on('error', () => undefined);
  // Not process.exit: what is still on its way into a pipe must arrive.
  process.exitCode = await run(process.argv.slice(2), {
    input: process.stdin,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    colors: wantsColors(process.env, process.stdout.isTTY === true),
  });
}

main().catch(onFault);
