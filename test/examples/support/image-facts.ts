import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

/**
 * The facts of an image that can be known without building it, each of which would otherwise show up only in the cluster.
 * Declares the tests; `folder` is that of the app, from the top of the repository.
 */
export function testImageFacts(folder: string): void {
  const read = (path: string) => readFileSync(join(ROOT, folder, path), 'utf8');
  const manifest = JSON.parse(read('package.json'));
  const instructions = read('Dockerfile')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => ({ name: line.slice(0, line.indexOf(' ')), value: line.slice(line.indexOf(' ') + 1) }));
  const valuesOf = (name: string) => instructions.filter((it) => it.name === name).map((it) => it.value);

  test('runs as a numeric user, so that Kubernetes can see that it is not root', () => {
    expect(valuesOf('USER')).toEqual(['10001:10001']);
  });

  test('starts node itself, so that SIGTERM reaches it, on the file that the build writes', () => {
    expect(valuesOf('CMD').map((value) => JSON.parse(value))).toEqual([['node', 'dist/main.js']]);
    expect(valuesOf('ENTRYPOINT')).toEqual([]);
    const { rootDir, outDir } = JSON.parse(read('tsconfig.json')).compilerOptions;
    expect([rootDir, outDir]).toEqual(['src', 'dist']);
    expect(existsSync(join(ROOT, folder, 'src/main.ts'))).toBe(true);
  });

  test('copies only what exists and what .dockerignore lets through', () => {
    const sources = valuesOf('COPY')
      .filter((value) => !value.startsWith('--from='))
      .flatMap((value) => value.split(' ').slice(0, -1));
    expect(sources).toContain('package-lock.json');
    const letThrough = read('.dockerignore').split('\n');
    for (const source of sources) {
      expect(existsSync(join(ROOT, folder, source))).toBe(true);
      expect(letThrough).toContain(`!${source}`);
    }
  });

  test('runs only scripts that the package has', () => {
    const scripts = valuesOf('RUN').flatMap((value) => [...value.matchAll(/npm run (\S+)/g)].map((match) => match[1]));
    expect(scripts).not.toEqual([]);
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(scripts));
  });

  test('pins its dependencies to the versions that these tests ran against, and locks them', () => {
    const locked = JSON.parse(read('package-lock.json')).packages;
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      const installed = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version;
      expect({ name, version }).toEqual({ name, version: installed });
      expect(locked[`node_modules/${name}`].version).toBe(version);
    }
  });

  test('has a lock file that any registry serves', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });
}
