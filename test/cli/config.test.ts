import { APIS, command, DEAD } from './command';

/** What `--json` says. */
async function shown(...words: string[]): Promise<{ status: number; all: Record<string, unknown>[] }> {
  const { status, out } = await command(['config', '--json', ...words]);
  return { status, all: JSON.parse(out) };
}

test('listeners, routes and clusters of every proxy, in tables', async () => {
  const { status, out, err } = await command(['config', APIS]);
  expect(err).toBe('');
  expect(status).toBe(0);
  expect(out).toMatchSnapshot();
});

test('a flag for a part leaves out the others, and shows it also where it is empty', async () => {
  const { out } = await command(['config', APIS, '--from', 'gateway', '--listeners', '--skipped']);
  expect(out).toContain('routes http.80');
  expect(out).toContain('SKIPPED');
  expect(out).not.toContain('apis.example.com');
  const { all } = await shown(APIS, '--from', 'gateway', '--clusters');
  expect(all.map((each) => Object.keys(each))).toEqual([['proxies', 'clusters']]);
});

test('a server without routes is told under what is skipped', async () => {
  const { status, all } = await shown(DEAD, '--from', 'gateway');
  expect(status).toBe(0);
  expect(all).toMatchObject([
    {
      listeners: [],
      skipped: [
        { where: '0.0.0.0_80', reason: expect.stringContaining('has protocol TCP') },
        { origin: { path: 'spec.http[0]' }, reason: expect.stringContaining('Istio reads tcp routes only') },
      ],
    },
  ]);
});

test('gateways are told apart by the labels and the namespace of their pods', async () => {
  const { all } = await shown(APIS, '--gateway-labels', 'istio=other', '--gateway-namespace', 'doors');
  expect(all).toMatchObject([{ proxies: ['gateway, pods labelled istio=other'], listeners: [], routes: [] }]);
});

test('unknown hosts are blocked where the mesh says so', async () => {
  const { out } = await command(['config', APIS, '--from', 'mesh:apis/apis-v1', '--routes', '--registry-only']);
  expect(out).toMatch(/block_all +\* +every request +answer 502/);
});

test('without any proxy it says so, and fails', async () => {
  const input = '{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}]}}';
  expect(await command(['config', '-'], { input })).toEqual({
    status: 1,
    out: 'The manifests contain no Gateway of networking.istio.io, and no workload that gets a sidecar.\n',
    err: '',
  });
  expect((await command(['config', '-', '--json'], { input })).out).toBe('[]\n');
});

test('a configuration that is not worked out fails the command', async () => {
  const input = `
{apiVersion: v1, kind: Pod, metadata: {name: a}}
---
{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: s}, spec: {egress: [{bind: 127.0.0.1, hosts: ['*/*']}]}}`;
  const { status, out } = await command(['config', '-'], { input });
  expect(status).toBe(1);
  expect(out).toBe(
    'mesh:default/a\n  Sidecar default/s has egress listeners of its own, and what these do is not worked out here\n',
  );
});

test('a proxy that is not there is a mistake of the command line', async () => {
  const { status, err } = await command(['config', APIS, '--from', 'mesh:apis/apis-v9']);
  expect(status).toBe(2);
  expect(err).toContain('known are mesh:apis/apis-v1, mesh:apis/apis-v2');
});
