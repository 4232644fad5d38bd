import { readFileSync } from 'node:fs';
import { ALL_CHECKS } from '../../src/checks/all-checks';
import { command } from './command';

test.each([
  ['the command', ['--help']],
  ['check', ['check', '--help']],
  ['route', ['route', '--help']],
  ['config', ['config', '--help']],
  ['test', ['test', '--help']],
])('help of %s', async (_name, argv) => {
  const { status, out, err } = await command(argv);
  expect(status).toBe(0);
  expect(err).toBe('');
  expect(out).toContain('Examples:');
  expect(out).toMatch(/exit status/i);
  expect(out.split('\n').filter((line) => line.length > 130)).toEqual([]);
  expect(out).toMatchSnapshot();
});

test('the check that an example disables exists', async () => {
  const { out } = await command(['check', '--help']);
  const [, id] = /--disable ([a-z-]+)$/m.exec(out) ?? [];
  expect(ALL_CHECKS.map((check) => check.id)).toContain(id);
});

test('help can be had with the rest of the line unfinished', async () => {
  const { status, out } = await command(['route', '--url', '-h']);
  expect(status).toBe(0);
  expect(out).toContain('Usage: versioned-mesh route');
  expect(await command(['help', 'route'])).toEqual({ status, out, err: '' });
});

test('the version is the package’s', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(await command(['--version'])).toEqual({ status: 0, out: `${version}\n`, err: '' });
});
