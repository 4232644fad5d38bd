import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_CHECKS } from '../../src/checks/all-checks';
import { command } from './command';

const ROOT = join(__dirname, '../..');
const IN_REPOSITORY = /https:\/\/github\.com\/[^/]+\/[^/]+\/blob\/v[^/]+\/([^)#\s]+)/g;

test('prints the page of a check', async () => {
  const { status, out, err } = await command(['explain', 'subset-not-found']);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toBe(readFileSync(join(ROOT, 'docs/checks/subset-not-found.md'), 'utf8'));
});

test.each(ALL_CHECKS.map(({ id }) => id))('%s has a page whose links lead somewhere from a terminal', async (id) => {
  const { out } = await command(['explain', id]);
  expect(out).toMatch(/^# /);
  expect(out).not.toMatch(/\]\((?!https?:|#)/);
  const files = [...out.matchAll(IN_REPOSITORY)].map(([, file]) => join(ROOT, file));
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

test('knows the ids of others', async () => {
  expect((await command(['explain', 'KIA1107'])).out).toMatch(/^# A route leads to a subset/);
  const { out } = await command(['explain', 'IST0101']);
  expect(out).toMatch(/^destination-not-found +A route leads to a host that does not exist\n/);
  expect(out).toContain('\nsubset-not-found ');
});

test('lists the checks', async () => {
  const { status, out } = await command(['explain']);
  expect(status).toBe(0);
  expect(out.trimEnd().split('\n')).toHaveLength(ALL_CHECKS.length);
});

test.each([
  [['explain', 'subset-not-fuond'], 'There is no check "subset-not-fuond"; did you mean subset-not-found?'],
  [['explain', 'nothing-like-it'], 'There is no check "nothing-like-it"; \'versioned-mesh explain\' lists them'],
  [['explain', '../README'], 'There is no check "../README"'],
  [
    ['explain', 'export-to', 'gateway-conflict'],
    "One check is explained at a time; run the command again for 'gateway-conflict'",
  ],
])('%j: a sentence', async (argv, sentence) => {
  const { status, out, err } = await command(argv);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toContain(sentence);
});
