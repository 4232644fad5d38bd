import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ValidationContext } from 'cdk8s-cli/plugins';
import { MeshValidation } from '../../src/validation/mesh-validation';

const CLEAN = `
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: shop }
spec: { selector: { app: shop }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop, namespace: shop }
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: main, image: 'ghcr.io/acme/shop:1', ports: [{ containerPort: 80 }] }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: shop, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [shop]
  http: [{ route: [{ destination: { host: shop } }] }]
`;
const WITH_ERROR = CLEAN.replace('protocol: HTTP', 'protocol: TCP');
const WITH_WARNING = CLEAN.replace('gateways: [shop]', 'gateways: [shop, absent]');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-validation-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('a clean app succeeds, without a violation', async () => {
  const { summary, violations } = await reportOn(CLEAN);
  expect(summary.status).toBe('success');
  expect(summary.metadata).toEqual({ errors: '0', warnings: '0', infos: '0' });
  expect(violations).toEqual([]);
});

test('an error fails, and the violation names kind, name, path and line', async () => {
  const { summary, violations } = await reportOn(WITH_ERROR);
  expect(summary.status).toBe('failure');
  expect(violations).toEqual([
    {
      ruleName: 'http-routes-on-tcp-server',
      recommendation: expect.stringMatching(/^error: The http routes of VirtualService shop\/shop have no effect/),
      fix: expect.stringContaining("'protocol: HTTP'"),
      violatingConstructs: [
        {
          resourceName: 'shop',
          locations: ['VirtualService shop/shop spec.http (line 29)'],
          manifestPath: join(folder, 'shop.k8s.yaml'),
          constructPath: 'shop/the-one-called-shop',
        },
      ],
    },
  ]);
});

test('a warning is reported, and fails only when asked to', async () => {
  const lenient = await reportOn(WITH_WARNING);
  expect(lenient.summary.status).toBe('success');
  expect(lenient.violations).toMatchObject([{ ruleName: 'gateway-not-found' }]);
  expect((await reportOn(WITH_WARNING, { failOn: 'warning' })).summary.status).toBe('failure');
});

test('objects of several files are one mesh', async () => {
  const [head, ...tail] = CLEAN.split('---');
  expect((await reportOn([head, tail.join('---')])).violations).toEqual([]);
});

test('checks can be left out', async () => {
  const { summary } = await reportOn(WITH_ERROR, { disable: ['http-routes-on-tcp-server'] });
  expect(summary.status).toBe('success');
  await expect(reportOn(WITH_ERROR, { disable: ['http-routes'] })).rejects.toThrow("There is no check 'http-routes'");
});

test.each([
  [{ disabled: [] }, "there is no property 'disabled' in cdk8s.yaml; did you mean disable?"],
  [{ speed: 1 }, "there is no property 'speed' in cdk8s.yaml; the properties are disable, failOn, defaultNamespace"],
  [{ clusterDomain: 7 }, 'clusterDomain is 7 in cdk8s.yaml; write a name.'],
  [
    { outboundTrafficPolicy: 'NONE' },
    'outboundTrafficPolicy is "NONE" in cdk8s.yaml; write ALLOW_ANY or REGISTRY_ONLY.',
  ],
  [{ disable: 'all' }, 'disable is "all" in cdk8s.yaml; write a list of ids'],
  [{ disable: [1] }, 'disable is [1] in cdk8s.yaml'],
  [{ failOn: 'never' }, 'failOn is "never" in cdk8s.yaml; write error, warning, info.'],
])('the properties %j are refused', (properties, refusal) => {
  expect(() => new MeshValidation(properties as object)).toThrow(`MeshValidation: ${refusal}`);
});

test('it is told of the cluster what the manifests do not say', async () => {
  const full = CLEAN.replace('host: shop }', 'host: shop.shop.svc.corp.example }');
  expect((await reportOn(full)).violations).not.toEqual([]);
  expect((await reportOn(full, { clusterDomain: 'corp.example' })).violations).toEqual([]);
});

test('what stands in a manifest cannot steer the terminal', async () => {
  const { violations } = await reportOn(CLEAN.replace('gateways: [shop]', 'gateways: [shop, "ab\\u001b[2Jsent"]'));
  expect(violations).not.toEqual([]);
  expect(violations[0].recommendation).not.toContain('\u001b');
});

/** The report on synthesized files, as the cdk8s command asks for it. */
async function reportOn(files: string | readonly string[], properties: object = {}) {
  const paths = [files].flat().map((text, index) => {
    const path = join(folder, `${'0'.repeat(index)}shop.k8s.yaml`);
    writeFileSync(path, text);
    return path;
  });
  const metadata = { shop: { path: 'shop/the-one-called-shop' } };
  const context = new ValidationContext(paths, 'cdk8s-versioned-mesh', '0.1.0', metadata, false);
  await new MeshValidation(properties).validate(context);
  return context.report.toJson();
}
