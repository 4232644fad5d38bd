/*
 * Values that somebody else fills in: nothing is certain about them, and no help proposes to change them.
 */
import { Mesh, Severity } from 'cdk8s-versioned-mesh';
import { hasPlaceholder } from '../../src/manifests/placeholder';

const GATEWAY = (name: string, host: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: '${name}'}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['${host}']}]
`;

test.each(['{{ .Values.x }}', '$(X)', '$' + '{X}', '<<x>>', '<set me>', '__THE_HOST__', 'x.MY_NAMESPACE.svc'])(
  '%s in a name or a host is not called wrong',
  (placeholder) => {
    const findings = Mesh.fromYaml(GATEWAY(`a-${placeholder}`, `*.${placeholder}`)).check();
    expect(findings.filter(({ message, help }) => `${message}${help}`.includes(placeholder))).toEqual([]);
    expect(findings.filter(({ severity }) => severity === Severity.ERROR)).toEqual([]);
    expect(Mesh.fromYaml(GATEWAY('a_b', '*.c_d?')).check()).not.toEqual([]);
  },
);

test.each(['(?P<name>x', 'A_B', 'x.A_', 'ISTIO_MUTUAL.', '<1>', 'a < b > c', '__init__'])('%s is none', (text) => {
  expect(hasPlaceholder(text)).toBe(false);
});

test('what is wrong beside a placeholder is still said', () => {
  const [finding] = Mesh.fromYaml(GATEWAY('{{ .Values.x }}', 'a..b')).check();
  expect(finding).toMatchObject({ check: 'rejected-by-istio', severity: Severity.ERROR });
});

test('what rests on other objects is at most a warning where one of them has a placeholder', () => {
  const rule = (host: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a}
spec: {host: '${host}', subsets: [{name: v1, labels: {version: v1}}]}
---
apiVersion: v1
kind: Service
metadata: {name: a}
spec: {selector: {app: a}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a}
spec: {hosts: [a], http: [{route: [{destination: {host: a, subset: v2}}]}]}
`;
  const severityOf = (host: string) =>
    Mesh.fromYaml(rule(host))
      .check()
      .find(({ check }) => check === 'subset-not-found')?.severity;
  expect(severityOf('a')).toBe(Severity.ERROR);
  expect(severityOf('{{ .Values.host }}')).toBe(Severity.WARNING);
});
