/*
 * The read side where there is no Node: nothing but what browsers have, and the same answers.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { buildSync } from 'esbuild';
import { Mesh } from '../src/mesh';

const ROOT = join(__dirname, '..');
const FIXTURES = ['cli/fixtures/apis.yaml', 'cli/fixtures/dead.yaml', 'checks/fixtures/apis-original.yaml'];

/** What the bundle finds in its global scope, beside the language. */
const OF_BROWSERS = { TextEncoder, TextDecoder, URL };

/** Fails with the name of the file that imports a module of Node. */
function bundle(): string {
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['src/mesh.ts'],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'api',
    // The edges: files, and charts in memory.
    external: ['*/manifests/read-manifests', 'cdk8s'],
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}

let InBrowser: typeof Mesh;

beforeAll(() => {
  InBrowser = runInContext(`${bundle()}; api.Mesh`, createContext(OF_BROWSERS));
});

test.each(FIXTURES)('%s: the same findings and decisions', (fixture) => {
  const text = readFileSync(join(__dirname, fixture), 'utf8');
  const answers = (mesh: Mesh) => ({
    findings: mesh.check(),
    decisions: ['/', '/old', '/half', '/a b/../ü', '/teapot'].map((path) => {
      const request = { url: `http://bücher.example.com${path}`, headers: { 'user-agent': 'Chrome/140' } };
      return [request, { ...request, url: `http://apis.example.com${path}` }].map((each) => {
        const decision = mesh.route(each);
        return { ...JSON.parse(JSON.stringify(decision)), explained: decision.explain() };
      });
    }),
  });
  const [there, here] = [InBrowser, Mesh].map((Each) => answers(Each.fromYaml(text, fixture)));
  // Compared as text, since another context's lists are of another class.
  expect(JSON.stringify(there)).toBe(JSON.stringify(here));
});
