/*
 * Every check has a page, and every page tells the truth: what it calls wrong is found, what it calls right is not.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Mesh, Severity } from 'cdk8s-versioned-mesh';
import { ALL_CHECKS } from '../../src/checks/all-checks';

const PAGES = join(__dirname, '../../docs/checks');

test('each check has its page, and each page its check', () => {
  const pages = readdirSync(PAGES).filter((file) => file.endsWith('.md') && file !== 'README.md');
  expect(pages.map((file) => file.replace(/\.md$/, '')).sort()).toEqual(ALL_CHECKS.map(({ id }) => id).sort());
});

test('the index lists each check with its title, severity and the ids of others', () => {
  const rows = readFileSync(join(PAGES, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ['));
  const expected = [...ALL_CHECKS]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, title, severity, istio, kiali }) =>
      `| [${id}](${id}.md) | ${severity} | ${title} | ${[...istio, ...kiali].join(', ')} |`.replace(/ {2}/g, ' '),
    );
  expect(rows).toEqual(expected);
});

describe.each(ALL_CHECKS.map((check) => [check.id, check] as const))('%s', (id, { istio, kiali }) => {
  const page = readFileSync(join(PAGES, `${id}.md`), 'utf8');

  test('finds what its page calls wrong, and nothing else is wrong there', () => {
    const findings = meshOf(blockUnder('Wrong', page)).check({ previous: stateBefore(page) });
    expect(findings.map(({ check }) => check)).toContain(id);
    expect(findings.filter(({ check, severity }) => check !== id && severity !== Severity.INFO)).toEqual([]);
  });

  test('is content, as all others are, with what its page calls right', () => {
    const findings = meshOf(blockUnder('Right', page)).check({ previous: stateBefore(page) });
    expect(findings.filter(({ check, severity }) => check === id || severity !== Severity.INFO)).toEqual([]);
  });

  test('has a page that names the ids of others, and says how it is switched off', () => {
    expect([...istio, ...kiali].filter((code) => !page.includes(code))).toEqual([]);
    // What is not an object has no annotations.
    expect(page).toMatch(new RegExp(`cdk8s-versioned-mesh/ignore: ${id}|--disable ${id}`));
  });
});

function meshOf(manifests: string): Mesh {
  return Mesh.fromYaml(manifests, 'page', { skipUnreadable: true });
}

/** The state before, on the pages of checks that compare two. */
function stateBefore(page: string): Mesh | undefined {
  return page.includes('\n## Before\n') ? Mesh.fromYaml(blockUnder('Before', page)) : undefined;
}

function blockUnder(heading: string, page: string): string {
  const block = new RegExp(`^## ${heading}\\n[\\s\\S]*?\`\`\`yaml\\n([\\s\\S]*?)\`\`\``, 'm').exec(page);
  if (block === null) {
    throw new Error(`the page has no manifest under '## ${heading}'`);
  }
  return block[1];
}
