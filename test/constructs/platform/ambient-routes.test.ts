/*
 * Rules by header in ambient mode: they act at gateways, and inside the mesh only at a waypoint.
 */
import { DataPlaneMode, HeaderMatch, HeaderRoutedMesh, Mesh, MeshNamespace, TrafficSource } from 'cdk8s-versioned-mesh';
import { newChart } from '../../support/synth';
import { versioned } from '../../support/versioned';

const HOSTS = { hosts: ['apis.example.com'] };

test.each([
  [TrafficSource.GATEWAY, DataPlaneMode.AMBIENT, undefined, 0],
  [TrafficSource.GATEWAY_AND_MESH, DataPlaneMode.SIDECAR, undefined, 0],
  [TrafficSource.GATEWAY_AND_MESH, DataPlaneMode.AMBIENT, undefined, 1],
  [TrafficSource.MESH, DataPlaneMode.AMBIENT, undefined, 1],
  [TrafficSource.MESH, DataPlaneMode.AMBIENT, 'waypoint', 0],
])('traffic %s in mode %s with waypoint %s: %i warnings', (traffic, dataPlane, waypoint, warnings) => {
  const chart = newChart();
  const labels = waypoint === undefined ? undefined : { 'istio.io/use-waypoint': waypoint };
  new MeshNamespace(chart, 'shop', { dataPlane, labels });
  const apis = versioned(chart);
  const hosts = traffic === TrafficSource.MESH ? {} : HOSTS;
  new HeaderRoutedMesh(chart, 'ingress', { ...apis, ...hosts, traffic }).route(
    apis.service.version('v2'),
    HeaderMatch.present('x-beta'),
  );
  const found = Mesh.fromChart(chart)
    .check()
    .filter(({ check }) => check === 'mesh-routes-without-sidecar');
  expect(found).toHaveLength(warnings);
  expect(
    found.every(({ message }) => message.includes('ztunnel, which forwards connections and reads no headers')),
  ).toBe(true);
});
