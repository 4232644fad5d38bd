/*
 * The plugin in the hands of the cdk8s command itself.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const COMMAND = join(ROOT, 'node_modules/.bin/cdk8s');

/** An app that uses none of the constructs. What is left of its Gateway's protocol is said on the command line. */
const APP = `
const { ApiObject, App, Chart } = require(${JSON.stringify(require.resolve('cdk8s'))});
const app = new App();
const chart = new Chart(app, 'shop', { namespace: 'shop' });
const istio = (kind, spec) =>
  new ApiObject(chart, kind, { apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'shop' }, spec });
const port = { number: 80, name: 'web', protocol: process.argv[2] };
istio('Gateway', { selector: { istio: 'ingressgateway' }, servers: [{ port, hosts: ['*'] }] });
istio('VirtualService', { hosts: ['shop.example.com'], gateways: ['shop'], http: [{ redirect: { uri: '/new' } }] });
app.synth();
`;

/** Stands for the built package, whose main entry exports the class. */
const PLUGIN = `
require(${JSON.stringify(require.resolve('tsx/cjs'))});
exports.MeshValidation = require(${JSON.stringify(join(ROOT, 'src/validation/mesh-validation.ts'))}).MeshValidation;
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cdk8s-synth-'));
  write('main.js', APP);
});

afterEach(() => rmSync(folder, { recursive: true }));

test('an app with a fault fails with exit status 2 and the finding; the plugin is named by path', () => {
  write('plugin/index.js', PLUGIN);
  const { status, output } = synth('TCP', './plugin');
  expect(output).toContain('http-routes-on-tcp-server (1 occurrences)');
  expect(output).toContain('Construct Path: shop/VirtualService');
  expect(output).toContain('> VirtualService shop/shop spec.http');
  expect(status).toBe(2);
}, 60_000);

test('a clean app succeeds; the plugin is named by package and version', () => {
  const installed = 'plugins/cdk8s-versioned-mesh/0.1.0/node_modules/cdk8s-versioned-mesh';
  // The command loads by folder, so that "main" counts and "exports" does not.
  write(`${installed}/package.json`, JSON.stringify({ main: 'lib/index.js', exports: {} }));
  write(`${installed}/lib/index.js`, PLUGIN);
  const { status, output } = synth('HTTP', 'cdk8s-versioned-mesh');
  expect(output).toContain('Validations ended succesfully');
  expect(status).toBe(0);
}, 60_000);

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

function synth(protocol: string, plugin: string): { status: number; output: string } {
  const validations = [{ package: plugin, version: '0.1.0', class: 'MeshValidation', properties: { failOn: 'error' } }];
  const app = `node main.js ${protocol}`;
  const pluginsDirectory = join(folder, 'plugins');
  write('cdk8s.yaml', JSON.stringify({ language: 'typescript', app, pluginsDirectory, validations }));
  try {
    const args = [COMMAND, 'synth', '--check-upgrade=false'];
    return {
      status: 0,
      output: execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }),
    };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    return { status, output: stdout };
  }
}
