#!/usr/bin/env node
/*
 * The command as it is installed: one file that scripts/bundle.ts makes of main.ts, and beside it what V8 made of that file when each
 * subcommand first ran. To parse and compile it anew would take longer than to check a small mesh.
 *
 * The caches stand beside the bundle and nowhere else: whoever can write there can change the command itself. Where nobody can,
 * there are none, and it starts more slowly.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

const BUNDLE = join(__dirname, '../../bundle/versioned-mesh.js');

/** What each runs of the bundle is not the same. */
const CACHED = ['check', 'route', 'test'];

/** Throws nothing: a cache that cannot be read is one that is not there. */
function read(cache: string): Buffer | undefined {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

/** V8 believes what is in it, so it is there whole or not at all, whatever runs or goes down meanwhile. */
function write(cache: string, data: Buffer): void {
  try {
    writeFileSync(`${cache}.${process.pid}`, data, { flush: true });
    renameSync(`${cache}.${process.pid}`, cache);
  } catch {
    // A folder that cannot be written to, or a full disk: the next start takes as long as this one.
  }
}

function launch(): void {
  const command = CACHED.find((name) => name === process.argv[2]) ?? 'other';
  const cache = `${BUNDLE}.${command}-${process.version}-${process.arch}.cache`;
  const cachedData = read(cache);
  const script = new Script(readFileSync(BUNDLE, 'latin1'), { filename: BUNDLE, cachedData });
  script.runInThisContext()(require);
  if (cachedData === undefined || script.cachedDataRejected) {
    // Not before the end: only functions that have run are in it.
    process.on('exit', () => write(cache, script.createCachedData()));
  }
}

launch();
