import { Severity } from '../../src/checks/finding';
import { delegateDropped } from '../../src/checks/rules/delegate-dropped';
import { describeCheck } from './cases';
import { type Manifest, routeTo, virtualService } from './manifests';

const root = (match?: object, namespace?: string): Manifest =>
  virtualService('apis', {
    hosts: ['apis.example.com'],
    gateways: ['edge'],
    http: [{ match: match === undefined ? undefined : [match], delegate: { name: 'leaf', namespace } }],
  });
const leaf = (match?: object, spec: object = {}, name = 'leaf'): Manifest =>
  virtualService(name, { http: [{ match: match === undefined ? undefined : [match], ...routeTo('apis') }], ...spec });

describeCheck(delegateDropped, {
  silent: {
    'a delegate': [root(), leaf()],
    'that narrows the path': [root({ uri: { prefix: '/api' } }), leaf({ uri: { prefix: '/api/v2' } })],
    'that asks for something else': [root({ uri: { prefix: '/api' } }), leaf({ headers: { a: { exact: 'b' } } })],
    'in another namespace, exported to this one': [
      root(undefined, 'team'),
      leaf(undefined, { exportTo: ['shop'] }, 'team/leaf'),
    ],
    'that nobody uses': [leaf()],
  },
  found: {
    'not given': [
      [root()],
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].delegate',
        words: ['shop/leaf', 'Unless it is in the cluster already'],
      },
    ],
    misspelt: [[root(), leaf(undefined, {}, 'leav')], { words: ['Did you mean shop/leav?'] }],
    'with hosts of its own': [
      [root(), leaf(undefined, { hosts: ['leaf.example.com'] })],
      {
        severity: Severity.ERROR,
        name: 'apis',
        path: 'spec.http[0].delegate',
        words: ['hosts of its own', 'Remove spec.hosts'],
      },
    ],
    'not exported': [
      [root(undefined, 'team'), leaf(undefined, { exportTo: ['.'] }, 'team/leaf')],
      {
        severity: Severity.ERROR,
        words: ['not exported to namespace shop', 'as if there were no VirtualService', "Add 'shop' to spec.exportTo"],
      },
    ],
    'with a match that contradicts': [
      [root({ uri: { prefix: '/api' } }), leaf({ uri: { prefix: '/v2' } })],
      {
        severity: Severity.ERROR,
        name: 'leaf',
        path: 'spec.http[0]',
        words: ['VirtualService shop/apis', 'spec.http[0].match'],
      },
    ],
    'with regexes on both sides': [
      [root({ uri: { regex: '/api/.*' } }), leaf({ uri: { regex: '/api/v2/.*' } })],
      { name: 'leaf', words: ['regex'] },
    ],
    'that delegates again': [
      [root(), virtualService('leaf', { http: [{ delegate: { name: 'deeper' } }] })],
      { severity: Severity.ERROR, name: 'leaf', path: 'spec.http[0].delegate', words: ['cannot delegate again'] },
    ],
  },
});
