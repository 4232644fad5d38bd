/*
 * What a release must be, before anything is published.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deadLinks, wrongFiles } from '../scripts/packed';
import { disagreements } from '../scripts/release';

const ROOT = join(__dirname, '..');
const WORKFLOWS = join(ROOT, '.github/workflows');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

describe('the tag, the version and the changelog', () => {
  const changelog = '# Changelog\n\n## 1.2.3 (2026-12-01)\n\n- New.\n\n## 1.2.2 (2026-11-01)\n';

  test('agree', () => {
    expect(disagreements({ version: '1.2.3', tag: 'v1.2.3', changelog })).toEqual([]);
  });

  test('agree in this commit, whether it is released or not', () => {
    expect(
      disagreements({ version: JSON.parse(read('package.json')).version, changelog: read('CHANGELOG.md') }),
    ).toEqual([]);
  });

  test('an unreleased version needs no date without a tag', () => {
    const unreleased = '## Unreleased\n\n- More.\n\n## 1.2.3 (unreleased)\n';
    expect(disagreements({ version: '1.2.3', changelog: unreleased })).toEqual([]);
    expect(disagreements({ version: '1.2.3', tag: 'v1.2.3', changelog: unreleased })).toEqual([
      "CHANGELOG.md: the heading '## 1.2.3 (unreleased)' has no date of release; write '## 1.2.3 (YYYY-MM-DD)'.",
      "CHANGELOG.md still has '## Unreleased'; put what it says below '## 1.2.3 (YYYY-MM-DD)'.",
    ]);
  });

  test('another tag is refused', () => {
    expect(disagreements({ version: '1.2.3', tag: 'v1.3.0', changelog })).toEqual([
      "The tag is 'v1.3.0', and package.json says version 1.2.3; tag the commit 'v1.2.3'.",
    ]);
  });

  test('a version that the changelog does not know is refused', () => {
    expect(disagreements({ version: '1.2', changelog })).toEqual([
      "package.json: version '1.2' is not three numbers; npm would make a pre-release the latest one.",
      "CHANGELOG.md has no heading for version 1.2 of package.json; write '## 1.2 (YYYY-MM-DD)'.",
    ]);
  });
});

describe('the npm package', () => {
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'], {
      cwd: ROOT,
      encoding: 'utf8',
    }),
  ) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);

  test('has pages, and every link in them leads to a file of the package', () => {
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'docs/tutorial.md', 'docs/checks/README.md']));
    expect(deadLinks(paths, read)).toEqual([]);
  });

  test('a link that leads out of it is found', () => {
    expect(
      deadLinks(['docs/a.md', 'docs/b.md'], () => '[b](b.md#part), [c](../c.ts), [d](https://example.com)'),
    ).toEqual([
      'docs/a.md links to ../c.ts, which the package lacks; link to the repository.',
      'docs/b.md links to ../c.ts, which the package lacks; link to the repository.',
    ]);
  });

  test('a file that is missing or does not belong is found', () => {
    expect(wrongFiles(['src/index.ts', 'lib/src/index.js'])).toEqual(
      expect.arrayContaining([
        'The package lacks .jsii.',
        "The package has src/index.ts, which is none of its files; see 'files' in package.json.",
      ]),
    );
  });
});

// A tag can be moved to other code.
test.each(readdirSync(WORKFLOWS))('%s names every action by its commit', (file) => {
  const actions = [...readFileSync(join(WORKFLOWS, file), 'utf8').matchAll(/uses: (.+)$/gm)].map(
    ([, action]) => action,
  );
  expect(actions).not.toEqual([]);
  expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v[\d.]+$/.test(action))).toEqual([]);
});
