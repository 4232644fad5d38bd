/*
 * Charts and kustomizations: built by the programs on the PATH, which here are scripts that show what they are given.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { command } from './command';

let top: string;
const PATH = process.env.PATH;
beforeEach(() => {
  top = mkdtempSync(path.join(tmpdir(), 'builds-'));
  process.env.PATH = path.join(top, 'bin');
});
afterEach(() => {
  process.env.PATH = PATH;
  rmSync(top, { recursive: true });
});

function put(name: string, content: string): string {
  const file = path.join(top, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

function program(name: string, script: string): void {
  chmodSync(put(`bin/${name}`, `#!/bin/sh\n${script}\n`), 0o755);
}

async function check(...flags: readonly string[]) {
  const { status, out, err } = await command(['check', path.join(top, 'in'), ...flags]);
  return { status, err, out: out.replaceAll(`${top}/in`, 'in') };
}

const service = (name: string, more = '') =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {ports: [{name: http, port: 80}]}\n${more}`;
const printing = (text: string) => `/bin/cat <<'END'\n${text}END`;

function putKustomizations(): void {
  put('in/base/kustomization.yaml', 'resources: [a.yaml]\n');
  put('in/base/a.yaml', service('a'));
  put('in/overlays/prod/kustomization.yaml', 'resources: [../../base]\npatches: [{path: patch.yaml}]\n');
  put('in/overlays/prod/patch.yaml', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n');
  put('in/overlays/prod/unused.yaml', service('unused'));
  put('in/other.yaml', service('other'));
}

function putChart(folder = 'in/chart'): void {
  put(`${folder}/Chart.yaml`, 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
  put(`${folder}/templates/web.yaml`, 'kind: {{ .Values.kind }}\napiVersion: v1\n');
  put(`${folder}/values.yaml`, 'kind: Service\n');
}

describe('Kustomize', () => {
  test.each(['kustomize', 'kubectl'])('a folder is read as what %s builds of it', async (name) => {
    putKustomizations();
    program(name, `echo "$@" >&2\n${printing(service('built'))}`);
    const { status, out, err } = await check();
    expect(out).toBe('Nothing found in 2 objects.\nNot read: 1 file beside a kustomization that does not name them.\n');
    expect(err).toMatch(new RegExp(`^${name}: (build|kustomize) .*/in/overlays/prod\n$`));
    expect(status).toBe(0);
  });

  test('without a program, patches and bases are left out, and a line says how to build', async () => {
    putKustomizations();
    const { status, out } = await check();
    expect(out).toContain('Nothing found in 2 objects.\n');
    expect(out).toContain('1 file in bases that are not built; 1 file Kustomize patches');
    expect(out).toContain('Build it first: kustomize build in/overlays/prod | versioned-mesh check -');
    expect(status).toBe(0);
  });

  test('nothing is started where something is not on this machine', async () => {
    putKustomizations();
    put('in/base/kustomization.yaml', 'resources: [a.yaml, "https://example.com/x.yaml"]\n');
    program('kustomize', 'echo started >&2');
    const { out, err } = await check();
    expect(err).toBe('');
    expect(out).toContain('"https://example.com/x.yaml" is not on this machine');
  });

  test('nor where a file lies outside of the folders', async () => {
    putKustomizations();
    symlinkSync(put('secret.yaml', service('secret')), path.join(top, 'in/base/link.yaml'));
    put('in/base/kustomization.yaml', 'resources: [a.yaml, link.yaml]\n');
    program('kustomize', 'echo started >&2');
    expect((await check()).out).toContain('lies outside of its folders');
  });

  test('what has $patch is no object', async () => {
    put('in/ok.yaml', service('ok'));
    put(
      'in/delete.yaml',
      '$patch: delete\napiVersion: networking.istio.io/v1beta1\nkind: Gateway\nmetadata: {name: g}\n',
    );
    expect((await check()).out).toContain('Nothing found in 1 object.\n');
  });

  test('builds that make the same object are alternatives; one that makes it twice is wrong', async () => {
    put('in/dev/kustomization.yaml', '');
    put('in/prod/kustomization.yaml', '');
    program('kustomize', printing(service('a')));
    const { out } = await check();
    expect(out.match(/warning duplicate-object/g)).toHaveLength(1);
    expect(out).not.toContain('error');

    program('kustomize', printing(`${service('a')}---\n${service('a')}`));
    expect((await check()).out).toContain('error duplicate-object');
  });

  test('a build that fails is a finding with what the program says', async () => {
    putKustomizations();
    program('kustomize', 'echo "::error::no such field" >&2; exit 1');
    const { out } = await check('--fail-on', 'unreadable');
    expect(out).toMatch(
      /warning unreadable-file {2}in\/overlays\/prod\/kustomization\.yaml:1\n.*kustomize says: ::error::no such field/,
    );
  });
});

describe('Helm', () => {
  test('a chart is read as helm renders it, with values, and findings name the template', async () => {
    putChart();
    const values = put('values.yaml', '');
    program(
      'helm',
      `echo "$@" >&2\n${printing(`---\n# Source: shop/templates/web.yaml\n${service('a', 'x: 1\nx: 2\n')}`)}`,
    );
    const { out, err } = await check('--values', values, '--set', 'a=b', '-n', 'shop');
    expect(err).toMatch(
      new RegExp(`^helm: template release .*/in/chart --namespace shop --values ${values} --set a=b\n$`),
    );
    expect(out).toContain('in 1 object.');
  });

  test.each([
    ['without helm', [], false],
    ['where no program is to be started', ['--no-build'], true],
  ])('%s it is left out, and a line says how to render', async (_, flags, isThere) => {
    putChart();
    put('in/ok.yaml', service('ok'));
    if (isThere) {
      program('helm', 'echo started >&2');
    }
    const { out, err } = await check(...flags);
    expect(out).toContain('Nothing found in 1 object.\n');
    expect(out).toContain('Render it first: helm template in/chart | versioned-mesh check -');
    expect(err).toBe('');
  });

  test('a link out of the chart is not followed', async () => {
    putChart();
    put('in/ok.yaml', service('ok'));
    symlinkSync('/etc/passwd', path.join(top, 'in/chart/files'));
    program('helm', 'echo started >&2');
    const { out, err } = await check();
    expect(err).toBe('');
    expect(out).toContain('is a link out of the chart');
  });

  test('it gets an empty environment and a home of its own', async () => {
    putChart();
    process.env.SECRET_OF_THE_TEST = 'x';
    program('helm', `/usr/bin/env >&2\n${printing(service('a'))}`);
    const { err } = await check();
    delete process.env.SECRET_OF_THE_TEST;
    expect(err).toContain('KUBECONFIG=/dev/null');
    expect(err).not.toContain('SECRET_OF_THE_TEST');
    expect(err).not.toContain(`HOME=${process.env.HOME}\n`);
  });
});
