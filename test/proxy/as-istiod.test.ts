/*
 * What istiod is known to say (`npm run conformance:config`), by hand.
 */
import type { ProxyConfig } from '../../src/proxy/config/proxy-config';
import { app, gateway, mesh, routes } from '../envoy/meshes';

function ofGateway(...documents: string[]): ProxyConfig {
  return mesh(...documents).proxyConfigurations({ from: 'gateway' })[0]._config;
}

/** Of the sidecar of a-v1. */
function ofSidecar(...documents: string[]): ProxyConfig {
  return mesh(app('a'), ...documents).proxyConfigurations({ from: 'mesh:apps/a-v1' })[0]._config;
}

test('a server that redirects does so for hosts of one namespace under their names with the namespace, which no request has', () => {
  const server = `[{port: {number: 80, name: http, protocol: HTTP}, hosts: [apps/a.example.com, '*.b.example.com'],
    tls: {httpsRedirect: true}}]`;
  const [table] = ofGateway(gateway(server), app('a'), routes('[{route: [{destination: {host: a}}]}]')).routes;
  expect(table.virtualHosts.map(({ domains, requireTls, routes: own }) => [domains, requireTls, own.length])).toEqual([
    [['a.example.com'], true, 1],
    [['apps/a.example.com', '*.b.example.com'], true, 0],
  ]);
});

test('a range of IPv6 addresses is a range of no IPv4 address, and is written as it was', () => {
  const rule = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: db, namespace: apps}
spec: {hosts: [db.apps.svc.cluster.local], tcp: [{match: [{destinationSubnets: ['fd00::/8']}], route: [{destination: {host: db}}]}]}`;
  const { listeners } = ofSidecar(app('db', ['v1'], '{name: tcp, port: 5432}'), rule);
  const chains = listeners.filter(({ port }) => port === 5432).flatMap((listener) => listener.chains);
  expect(chains.map(({ prefixRanges }) => prefixRanges)).toEqual([['fd00::/8'], []]);
});
