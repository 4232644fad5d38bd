#!/usr/bin/env node
/*
 * The command `versioned-mesh`: connects run() to the process.
 */
import { run } from './run';
import { wantsColors } from './style';

/** A reader that has seen enough (`| head`) is no error. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') {
    throw error;
  }
}

async function main(): Promise<void> {
  process.stdout.on('error', endQuietly);
  process.stderr.on('error', endQuietly);
  // Not process.exit: what is still on its way into a pipe must arrive.
  process.exitCode = await run(process.argv.slice(2), {
    input: process.stdin,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    colors: wantsColors(process.env, process.stdout.isTTY === true),
  });
}

void main();
