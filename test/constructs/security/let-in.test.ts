/*
 * Policies are closed where nothing is said: to Istio and Kubernetes, a rule without sources is a rule for everybody.
 */
import { Caller, MeshSecurity, RoutingApi, VersionedService } from 'cdk8s-versioned-mesh';
import { authorizationRules, networkRules } from '../../../src/constructs/security/let-in';
import { ServicePolicies } from '../../../src/constructs/security/service-policies';
import { refusalOf } from '../../support/refusal';
import { newChart } from '../../support/synth';

test('nobody is nobody, not everybody', () => {
  expect(authorizationRules([], 'cluster.local')).toEqual([]);
  expect(networkRules([])).toEqual([]);
});

test('a caller of whatever pods is one of its namespace', () => {
  expect(networkRules([Caller.namespace('batch').callerIdentity()])).toEqual([
    { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'batch' } } }] },
  ]);
});

test('policies that are refused are not there', () => {
  const service = new VersionedService(newChart(), 'apis');
  const make = (labels: { [key: string]: string }) =>
    ServicePolicies.make(service, {
      parts: MeshSecurity.strict()._parts,
      api: RoutingApi.ISTIO_V1,
      metadata: { labels },
      pods: { app: 'apis' },
    });
  expect(refusalOf(() => make({ team: 'ä' }))).toContain("label 'team'");
  expect(ServicePolicies.of(service)).toBeUndefined();
  expect(make({ team: 'a' })).toBe(ServicePolicies.of(service));
});
