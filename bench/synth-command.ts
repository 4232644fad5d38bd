/*
 * `cdk8s synth` of the examples, as this project runs it, against the app that `cdk8s init typescript-app` makes.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compare, wallClock } from './measure';
import type { Row } from './row';

const ROOT = dirname(__dirname);
const CDK8S = join(ROOT, 'node_modules/cdk8s-cli/bin/cdk8s');
const TEMPLATE = join(ROOT, 'node_modules/cdk8s-cli/templates/typescript-app');

/** What a team waits for between two edits. Both sides run the same CLI; what differs is how the app is started. */
export function synthCommand(): Row {
  const what = '`cdk8s synth` of the examples ÷ the same in the stock ts-node app';
  const stock = mkdtempSync(join(tmpdir(), 'stock-cdk8s-app-'));
  try {
    const complaint = makeStockApp(stock);
    if (complaint !== undefined) {
      return { what, bar: 0.4, result: { skipped: complaint } };
    }
    const result = compare(
      () => synth(ROOT),
      () => synth(stock),
      { clock: wallClock, warmUp: 1, rounds: 5 },
    );
    return { what, bar: 0.4, result };
  } finally {
    rmSync(stock, { recursive: true, force: true });
  }
}

/** The stock app with the examples as its charts. Returns why it could not be made, if so. */
function makeStockApp(folder: string): string | undefined {
  cpSync(join(TEMPLATE, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  // The template's own, except for `imports: [k8s]`, which synth does not read.
  writeFileSync(join(folder, 'cdk8s.yaml'), 'language: typescript\napp: npx ts-node main.ts\n');
  copyExamples(folder);
  try {
    npm(ROOT, ['pack', '--silent', '--pack-destination', folder]);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify(stockPackage(`file:${tarball}`), null, 2));
    npm(folder, ['install', '--silent', '--no-audit', '--no-fund', '--prefer-offline']);
    return undefined;
  } catch (error) {
    return `the stock app could not be installed (${(error as Error).message.split('\n')[0]})`;
  }
}

function copyExamples(folder: string): void {
  cpSync(join(ROOT, 'examples/main.ts'), join(folder, 'main.ts'));
  for (const entry of readdirSync(join(ROOT, 'examples'), { withFileTypes: true })) {
    if (entry.isDirectory()) {
      copyCharts(join(ROOT, 'examples', entry.name), join(folder, entry.name));
    }
  }
}

/** The charts of an example lie beside the folder of its app. */
function copyCharts(from: string, to: string): void {
  for (const file of readdirSync(from).filter((name) => name.endsWith('.ts'))) {
    cpSync(join(from, file), join(to, file));
  }
}

/** The template's package.json, as far as synth needs it; the versions of the cdk8s libraries are this project's. */
function stockPackage(library: string): object {
  const { devDependencies } = require('../package.json');
  return {
    name: 'stock',
    private: true,
    dependencies: {
      'cdk8s-versioned-mesh': library,
      cdk8s: devDependencies.cdk8s,
      'cdk8s-plus-27': devDependencies['cdk8s-plus-27'],
      constructs: devDependencies.constructs,
    },
    devDependencies: { '@types/node': '^14', typescript: '5.9.x', 'ts-node': '^10' },
  };
}

function synth(folder: string): void {
  const output = join(folder, 'dist');
  execFileSync(process.execPath, [CDK8S, 'synth', '--check-upgrade=false', '--output', output], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function npm(folder: string, args: string[]): void {
  execFileSync('npm', args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore'],
    shell: process.platform === 'win32',
  });
}
