/*
 * The command as it is installed: one file, and what V8 made of it when it ran before.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { bundle } from '../../scripts/bundle';
import { run } from '../../src/cli/run';
import { DEAD } from './command';

const LAUNCH = join(__dirname, '../../src/cli/launch.ts');
const WORDS = ['check', DEAD];

let root: string;
let launcher: string;
let expected: { status: number; out: string; err: string };

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'bundle-'));
  mkdirSync(join(root, 'src/cli'), { recursive: true });
  mkdirSync(join(root, 'bundle'));
  launcher = join(root, 'src/cli/launch.js');
  const { code } = transformSync(readFileSync(LAUNCH, 'utf8'), { loader: 'ts', format: 'cjs' });
  writeFileSync(launcher, code);
  writeFileSync(join(root, 'bundle/versioned-mesh.js'), bundle());
  expected = { status: 0, out: '', err: '' };
  expected.status = await run(WORDS, {
    input: process.stdin,
    colors: false,
    out: (text) => {
      expected.out += text;
    },
    err: (text) => {
      expected.err += text;
    },
  });
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function launch() {
  const { status, stdout: out, stderr: err } = spawnSync(process.execPath, [launcher, ...WORDS], { encoding: 'utf8' });
  return { status, out, err };
}

function caches(): string[] {
  return readdirSync(join(root, 'bundle')).filter((name) => name.endsWith('.cache'));
}

test('holds ASCII only, and so can be read without being decoded', () => {
  expect(bundle()).toMatch(/^\(function \(require\) \{[\0-\x7f]*\}\)\s*$/);
});

test('answers as its source does: without a cache, from its own, and beside one that is none', () => {
  expect(launch()).toEqual(expected);
  expect(caches()).toEqual([`versioned-mesh.js.check-${process.version}-${process.arch}.cache`]);
  const cache = join(root, 'bundle', caches()[0]);
  const made = readFileSync(cache);
  expect(launch()).toEqual(expected);
  expect(readFileSync(cache).equals(made)).toBe(true);
  for (const broken of [Buffer.alloc(0), made.subarray(0, made.length / 2), Buffer.alloc(made.length)]) {
    writeFileSync(cache, broken);
    expect(launch()).toEqual(expected);
    expect(launch()).toEqual(expected);
  }
});

test('a folder that cannot be written to is no obstacle', () => {
  for (const name of caches()) {
    rmSync(join(root, 'bundle', name));
  }
  // A folder where the cache would go stands for it: a test may run as root, which can write everywhere.
  mkdirSync(join(root, `bundle/versioned-mesh.js.check-${process.version}-${process.arch}.cache`));
  expect(launch()).toEqual(expected);
});
