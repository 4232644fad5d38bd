/*
 * One program with the library twice, as happens when a chart library and an app each install one.
 */
import * as cdk8s from 'cdk8s';
import * as plus from 'cdk8s-plus-27';
import * as here from 'cdk8s-versioned-mesh';
import * as constructs from 'constructs';
import { refusalOf } from '../../support/refusal';
import { newChart, synth, titles } from '../../support/synth';

let there: typeof here;
jest.isolateModules(() => {
  // These are there once: cdk8s itself cannot write what another copy of it made.
  jest.doMock('cdk8s', () => cdk8s);
  jest.doMock('cdk8s-plus-27', () => plus);
  jest.doMock('constructs', () => constructs);
  there = require('cdk8s-versioned-mesh');
});

test('a mesh routes to a service that another copy made, by matches of both', () => {
  expect(there.VersionedService).not.toBe(here.VersionedService);
  const chart = newChart();
  const service = new there.VersionedService(chart, 'apis');
  const defaultVersion = service.addVersion('v1', { image: 'apis:1' });
  const mesh = new here.HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], service, defaultVersion });
  const match = there.RequestMatch.allOf(here.HeaderMatch.present('x-beta'), there.PathMatch.prefix('/api'));
  mesh.route(service.addVersion('v2', { image: 'apis:2' }), match);
  expect(titles(synth(cdk8s.Chart.of(service)))).toContain('VirtualService ingress');
});

test('what only looks like one is refused', () => {
  const service = new here.VersionedService(newChart(), 'apis');
  const defaultVersion = service.addVersion('v1', { image: 'apis:1' });
  const meshOf = (props: object) =>
    new here.HeaderRoutedMesh(newChart(), 'ingress', { hosts: ['a.example.com'], service, defaultVersion, ...props });
  expect(refusalOf(() => meshOf({ service: { ...service } }))).toContain('is not a VersionedService');
  expect(refusalOf(() => meshOf({ defaultVersion: { ...defaultVersion } }))).toContain('defaultVersion');
  expect(refusalOf(() => meshOf({}).route(defaultVersion, {} as never))).toContain('is not a match');
});
