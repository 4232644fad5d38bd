import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../../src/checks/check';
import { type Finding, Severity } from '../../src/checks/finding';
import { findingsAsJson } from '../../src/cli/findings-as-json';
import { findingsAsSarif } from '../../src/cli/findings-as-sarif';
import { findingsAsText } from '../../src/cli/findings-as-text';
import { colored, plain } from '../../src/cli/style';

const FINDINGS: readonly Finding[] = [
  {
    check: 'subset-not-found',
    severity: Severity.ERROR,
    kind: 'VirtualService',
    namespace: 'shop',
    name: 'cart',
    path: 'spec.http[0].route[0].destination.subset',
    message: "Subset 'v9' is not among those of the DestinationRule. Requests get 503.",
    help: "Write 'v1' or 'v2'.",
    istioCodes: ['IST0101'],
    kialiCodes: ['KIA1107'],
    file: 'manifests/cart & co.yaml',
    line: 12,
  },
  {
    check: 'no-injection',
    severity: Severity.WARNING,
    kind: 'Namespace',
    namespace: '',
    name: 'shop\u001b[2J',
    path: '',
    message: 'No sidecars.',
    help: 'Label it.',
    istioCodes: [],
    kialiCodes: [],
  },
];

const CHECKS: readonly Check[] = [
  {
    id: 'subset-not-found',
    title: 'A subset is missing',
    severity: Severity.ERROR,
    istio: ['IST0101'],
    kiali: [],
    run() {},
  },
  { id: 'no-injection', title: 'No sidecars', severity: Severity.WARNING, istio: [], kiali: [], run() {} },
];

describe('text', () => {
  test('reads like a compiler’s', () => {
    expect(findingsAsText(FINDINGS, 14, plain)).toMatchInlineSnapshot(`
"error subset-not-found  VirtualService shop/cart spec.http[0].route[0].destination.subset (manifests/cart & co.yaml:12)
  Subset 'v9' is not among those of the DestinationRule. Requests get 503.
  help: Write 'v1' or 'v2'.
  docs/checks/subset-not-found.md, also known as IST0101, KIA1107

warning no-injection  Namespace shop\\u001b[2J
  No sidecars.
  help: Label it.
  docs/checks/no-injection.md

1 error, 1 warning in 14 objects.
"
`);
  });

  test('colours the severity, and lets no colour of the manifests through', () => {
    const text = findingsAsText(FINDINGS, 14, colored);
    expect(text).toContain('\u001b[31merror\u001b[39m');
    expect(text).not.toContain('\u001b[2J');
  });
});

test('JSON keeps the order of its keys', () => {
  const [first] = JSON.parse(findingsAsJson(FINDINGS)).findings;
  expect(Object.keys(first)).toEqual([
    'check',
    'severity',
    'object',
    'path',
    'message',
    'help',
    'istioCodes',
    'kialiCodes',
    'file',
    'line',
  ]);
});

describe('SARIF', () => {
  const run = (findings: readonly Finding[]) => JSON.parse(findingsAsSarif(findings, CHECKS, '/repository')).runs[0];

  test('is what it was', () => {
    const text = findingsAsSarif(FINDINGS, CHECKS, '/repository');
    // A release changes nothing but this.
    expect(
      text
        .replace(/"version": "\d+\.\d+\.\d+"(,\s*"informationUri")/, '"version": "x"$1')
        .replaceAll(/blob\/v[^/]+/g, 'blob/vx'),
    ).toMatchSnapshot();
  });

  test('says what each rule is, whether it found something or not', () => {
    expect(run([]).tool.driver.rules).toMatchObject([
      { id: 'no-injection', defaultConfiguration: { level: 'warning' } },
      { id: 'subset-not-found', shortDescription: { text: 'A subset is missing' } },
    ]);
  });

  test('says which program of which version speaks, and where its rules are explained', () => {
    const { name, version, informationUri, rules } = run([]).tool.driver;
    const { version: own, homepage } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
    expect({ name, version, informationUri }).toEqual({
      name: 'versioned-mesh',
      version: own,
      informationUri: homepage,
    });
    expect(new URL(rules[1].helpUri).pathname).toMatch(new RegExp(`/v${own}/docs/checks/subset-not-found.md$`));
  });

  test('points at the line, by a URI', () => {
    const [{ ruleIndex, locations }] = run(FINDINGS).results;
    expect(ruleIndex).toBe(1);
    expect(locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'manifests/cart%20&%20co.yaml' },
      region: { startLine: 12 },
    });
  });

  test('names files elsewhere in full', () => {
    const [{ locations }] = run([{ ...FINDINGS[0], file: '/elsewhere/a.yaml' }]).results;
    expect(locations[0].physicalLocation.artifactLocation.uri).toBe('file:///elsewhere/a.yaml');
  });

  test.each([undefined, 'standard input'])('what is in no file (%s) has only the object', (file) => {
    const [{ locations }] = run([{ ...FINDINGS[0], file }]).results;
    expect(locations[0].physicalLocation).toBeUndefined();
    expect(locations[0].logicalLocations[0].name).toBe('VirtualService shop/cart');
  });
});
