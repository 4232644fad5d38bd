/*
 * Whether this commit may go out as a release. Publishes nothing: .github/workflows/release.yml does that, with what has passed here.
 *
 *   npm run release                         packs for npm and PyPI into packages/, and holds it against what a release must be
 *   npm run release -- --packages FOLDER    the same of what is packed there already, as .ci/run does
 *   npm run release -- --tag v1.2.3         and package.json and CHANGELOG.md must be those of this release
 *   npm run release -- --version-only       only these two, before anything is packed
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { deadLinks, wrongFiles } from './packed';

const ROOT = join(__dirname, '..');
const { name, version, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

export interface Stated {
  readonly version: string;
  readonly changelog: string;
  /** The tag to be released; without it, a version that has no date yet is right, too. */
  readonly tag?: string;
}

/** Where the tag, the version and the changelog do not agree. */
export function disagreements({ version, changelog, tag }: Stated): string[] {
  const headings = [...changelog.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  const heading = headings.find((text) => text.split(' ')[0] === version);
  const wanted = `'## ${version} (YYYY-MM-DD)'`;
  const found: string[] = [];
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    found.push(`package.json: version '${version}' is not three numbers; npm would make a pre-release the latest one.`);
  }
  if (heading === undefined) {
    found.push(`CHANGELOG.md has no heading for version ${version} of package.json; write ${wanted}.`);
  }
  if (tag === undefined) {
    return found;
  }
  if (tag !== `v${version}`) {
    found.push(`The tag is '${tag}', and package.json says version ${version}; tag the commit 'v${version}'.`);
  }
  if (heading !== undefined && !/ \(\d{4}-\d{2}-\d{2}\)$/.test(heading)) {
    found.push(`CHANGELOG.md: the heading '## ${heading}' has no date of release; write ${wanted}.`);
  }
  if (headings.includes('Unreleased')) {
    found.push(`CHANGELOG.md still has '## Unreleased'; put what it says below ${wanted}.`);
  }
  return found;
}

function main(args: string[]): void {
  const options = {
    tag: { type: 'string' },
    packages: { type: 'string' },
    'version-only': { type: 'boolean' },
  } as const;
  const { tag, packages, 'version-only': versionOnly } = parseArgs({ args, options }).values;
  refuseAny(disagreements({ version, tag, changelog: readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8') }));
  console.log(tag ? `${tag}: package.json and CHANGELOG.md agree` : `version ${version}, without a tag: a dry run`);
  if (versionOnly) {
    return;
  }
  const folder = packages ?? pack();
  const tarball = onlyFile(join(folder, 'npm'), `${name}-${version}.tgz`);
  checkTarball(tarball);
  checkPython(join(folder, 'python'), tarball, tag !== undefined);
  rehearse(tarball, tag !== undefined);
}

/** Into packages/, which git ignores. jsii-pacmak runs `twine check` over what it makes. */
function pack(): string {
  const folder = join(ROOT, 'packages');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'npm'), { recursive: true });
  run('npm', ['run', '--silent', 'build']);
  run('npm', ['pack', '--silent', '--pack-destination', join(folder, 'npm')]);
  run('npm', ['run', '--silent', 'pacmak']);
  return folder;
}

function checkTarball(tarball: string): void {
  const temporary = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    run('tar', ['-xzf', tarball, '-C', temporary]);
    const folder = join(temporary, 'package');
    const files = filesIn(folder);
    const read = (file: string) => readFileSync(join(folder, file), 'utf8');
    const packed = JSON.parse(read('package.json'));
    // npm sets the bit by itself when it installs; jsii, which runs the command from the tarball, does not.
    const notRunnable = Object.values<string>(bin).filter((file) => !(statSync(join(folder, file)).mode & 0o100));
    refuseAny([
      ...wrongFiles(files),
      ...deadLinks(files, read),
      ...notRunnable.map((file) => `${file} has no run bit in the package.`),
      ...(packed.version === version ? [] : [`The package says version ${packed.version}, not ${version}.`]),
    ]);
    console.log(`npm: ${files.length} files, ${Math.round(statSync(tarball).size / 1024)} kB`);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

/** The wheel and the sdist carry the npm package, and it must be the one that goes to npm, to the byte. */
function checkPython(folder: string, tarball: string, required: boolean): void {
  if (!required && !existsSync(folder)) {
    console.log('PyPI: skipped, since nothing is packed for Python');
    return;
  }
  const module = name.replaceAll('-', '_');
  const carried = `${module}/_jsii/${name}@${version}.jsii.tgz`;
  const wheel = onlyFile(folder, `${module}-${version}-py3-none-any.whl`, '.whl');
  const sdist = onlyFile(folder, `${module}-${version}.tar.gz`, '.gz');
  const unzip = 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))';
  const published = readFileSync(tarball);
  for (const [file, inside] of [
    [wheel, run('python3', ['-c', unzip, wheel, carried])],
    [sdist, run('tar', ['-xzOf', sdist, `${module}-${version}/src/${carried}`])],
  ] as const) {
    refuseAny(
      inside.equals(published) ? [] : [`${file} does not carry ${tarball} but another package; pack both anew.`],
    );
    console.log(
      `PyPI: ${relative(folder, file)}, ${Math.round(statSync(file).size / 1024)} kB, carries the same package`,
    );
  }
}

/**
 * All that `npm publish` does but the upload. It asks the registry which versions there are, and goes on without an answer. The
 * version of a release must be new; that of any other commit is often the last one that was released, which --force lets pass.
 */
function rehearse(tarball: string, released: boolean): void {
  const force = released ? [] : ['--force'];
  run('npm', ['publish', tarball, '--dry-run', '--provenance=false', '--access=public', '--loglevel=error', ...force]);
  console.log('npm publish --dry-run: it would be published');
}

function onlyFile(folder: string, file: string, ending = ''): string {
  const found = existsSync(folder) ? readdirSync(folder).filter((other) => other.endsWith(ending)) : [];
  refuseAny(
    found.length === 1 && found[0] === file
      ? []
      : [`${folder} must hold ${file} and no other version, and holds ${found.join(', ') || 'nothing'}; pack it anew.`],
  );
  return join(folder, file);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function run(command: string, args: readonly string[]): Buffer {
  const { status, stdout, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
  refuseAny(status === 0 ? [] : [`'${[command, ...args].join(' ')}' failed${error ? `: ${error.message}` : ''}.`]);
  return stdout;
}

function refuseAny(problems: readonly string[]): void {
  if (problems.length > 0) {
    throw new Error(problems.join('\n'));
  }
}

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
