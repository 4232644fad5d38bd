import { App, Chart } from 'cdk8s';
import { Mesh } from '../../src/mesh';
import { route } from '../../src/testing/jest';
import { shopChart, shopYaml } from './shop';

const CLEAN = shopYaml('[{ route: [{ destination: { host: shop, subset: one } }] }]');

/** Nothing reads the routes: the gateway's server speaks TCP. */
const FAULTY = CLEAN.replace('protocol: HTTP', 'protocol: TCP');

test('a clean chart, app, mesh and YAML have no findings', () => {
  const chart = shopChart();
  expect(chart).toHaveNoMeshFindings();
  expect(chart.node.root as App).toHaveNoMeshFindings();
  expect(Mesh.fromChart(chart)).toHaveNoMeshFindings();
  expect(CLEAN).toHaveNoMeshFindings();
});

test('a failure prints each finding: where, what, and what to write', () => {
  expect(() => expect(FAULTY).toHaveNoMeshFindings()).toThrow(
    /error http-routes-on-tcp-server {2}VirtualService shop\/shop spec\.http \(the given YAML:\d+\)\n {4}The http routes .*\n {4}help: .*'protocol: HTTP'/,
  );
});

test.each<[string, unknown, RegExp]>([
  [
    'the path of a file, taken for text',
    'dist/shop.k8s.yaml',
    /There are no Kubernetes objects .*; a path is read by Mesh.fromFiles/,
  ],
  ['no text', '', /There are no Kubernetes objects/],
  ['no manifests', [], /There are no Kubernetes objects/],
  ['an empty chart', new Chart(new App(), 'empty'), /There are no Kubernetes objects/],
])('%s does not pass for a clean mesh, nor for one with findings', (_, subject, sentence) => {
  expect(() => expect(subject).toHaveNoMeshFindings()).toThrow(sentence);
  expect(() => expect(subject).not.toHaveNoMeshFindings()).toThrow(sentence);
  expect(() => route(subject as Chart, { url: 'http://shop/' })).toThrow(sentence);
});

test('.not asks for a finding', () => {
  expect(FAULTY).not.toHaveNoMeshFindings();
  expect(() => expect(CLEAN).not.toHaveNoMeshFindings()).toThrow('Expected findings, and there are none.');
});

test('checks can be left out, and a misspelt one is refused', () => {
  expect(FAULTY).toHaveNoMeshFindings({ disable: ['http-routes-on-tcp-server'] });
  expect(() => expect(FAULTY).toHaveNoMeshFindings({ disable: ['http-routes-on-tcp'] })).toThrow(
    "There is no check 'http-routes-on-tcp' to switch off.",
  );
});

test('a severity that does not exist is refused', () => {
  expect(() => expect(FAULTY).toHaveNoMeshFindings({ failOn: 'fatal' as never })).toThrow(
    "There is no severity 'fatal'; failOn is 'error', 'warning' or 'info'.",
  );
});

test.each([
  [undefined, 'undefined'],
  [{ kind: 'Service' }, 'an Object'],
])('what has no manifests is refused', (subject, called) => {
  expect(() => expect(subject).toHaveNoMeshFindings()).toThrow(`${called} has no manifests`);
});
