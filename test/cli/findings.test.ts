import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_CHECKS } from '../../src/checks/all-checks';
import type { Check } from '../../src/checks/check';
import { type Finding, Severity } from '../../src/checks/finding';
import { findingsAsGithub } from '../../src/cli/findings-as-github';
import { findingsAsJson } from '../../src/cli/findings-as-json';
import { findingsAsMarkdown } from '../../src/cli/findings-as-markdown';
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
    check: 'namespace-not-injected',
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
  { id: 'namespace-not-injected', title: 'No sidecars', severity: Severity.WARNING, istio: [], kiali: [], run() {} },
];

describe('text', () => {
  test('reads like a compiler’s', () => {
    expect(findingsAsText(FINDINGS, 14, plain)).toMatchInlineSnapshot(`
"error subset-not-found  VirtualService shop/cart spec.http[0].route[0].destination.subset (manifests/cart & co.yaml:12)
  Subset 'v9' is not among those of the DestinationRule. Requests get 503.
  help: Write 'v1' or 'v2'.
  versioned-mesh explain subset-not-found   also known as IST0101, KIA1107

warning namespace-not-injected  Namespace shop\\u001b[2J
  No sidecars.
  help: Label it.
  versioned-mesh explain namespace-not-injected

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
      { id: 'namespace-not-injected', defaultConfiguration: { level: 'warning' } },
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

  test('says of each rule what its page says first, and no more than code hosts show', () => {
    const [, { fullDescription, help }] = run([]).tool.driver.rules;
    expect(fullDescription.text).toMatch(/^A subset exists where a DestinationRule for the host defines it\./);
    expect(help.text).toMatch(/^A subset exists .* See https:\S+subset-not-found\.md$/);
    const all = JSON.parse(findingsAsSarif([], ALL_CHECKS, '/repository')).runs[0].tool.driver.rules;
    const lengths = all.map((rule: typeof help) => rule.fullDescription.text.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1024);
    expect(Math.min(...lengths)).toBeGreaterThan(40);
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

describe('GitHub', () => {
  test('an annotation for each finding, beside its line', () => {
    expect(findingsAsGithub(FINDINGS, 14, process.cwd())).toMatchInlineSnapshot(`
"::error file=manifests/cart & co.yaml,line=12,title=subset-not-found::VirtualService shop/cart spec.http[0].route[0].destination.subset (manifests/cart & co.yaml:12)%0ASubset 'v9' is not among those of the DestinationRule. Requests get 503.%0Ahelp: Write 'v1' or 'v2'.
::warning title=namespace-not-injected::Namespace shop\\u001b[2J%0ANo sidecars.%0Ahelp: Label it.
1 error, 1 warning in 14 objects.
"
`);
  });

  test('what has a meaning in a command is escaped', () => {
    const evil = { ...FINDINGS[0], file: 'a,line=1::b\n%.yaml', message: '100%\r\n::error::pwned' };
    const [line, ...rest] = findingsAsGithub([evil], 1, process.cwd()).split('\n');
    expect(line).toMatch(/^::error file=a%2Cline=1%3A%3Ab%0A%25\.yaml,line=12,title=subset-not-found::VirtualService /);
    expect(line).toContain('%0A100%25\\u000d\\u000a::error::pwned%0Ahelp: ');
    expect(rest).toEqual(['1 error in 1 object.', '']);
  });

  test('what is in no file has no place', () => {
    expect(findingsAsGithub([FINDINGS[1]], 1, '/')).toMatch(/^::warning title=namespace-not-injected::Namespace shop/);
  });

  test('files elsewhere are named in full', () => {
    const text = findingsAsGithub([{ ...FINDINGS[0], file: '/elsewhere/a.yaml' }], 1, '/repository');
    expect(text).toContain('::error file=/elsewhere/a.yaml,line=12,');
  });
});

describe('Markdown', () => {
  test('one table', () => {
    const text = findingsAsMarkdown(FINDINGS, 14).replaceAll(/blob\/v[^/]+/g, 'blob/vx');
    expect(text).toMatchInlineSnapshot(`
"1 error, 1 warning in 14 objects.

| | finding | where | what, and what to write instead |
| --- | --- | --- | --- |
| error | [subset-not-found](https://github.com/cdk8s-versioned-mesh/cdk8s-versioned-mesh/blob/vx/docs/checks/subset-not-found.md) | VirtualService shop/cart spec.http\\[0\\].route\\[0\\].destination.subset \\(manifests/cart &amp; co.yaml:12\\) | Subset 'v9' is not among those of the DestinationRule. Requests get 503.<br>**help:** Write 'v1' or 'v2'. |
| warning | [namespace-not-injected](https://github.com/cdk8s-versioned-mesh/cdk8s-versioned-mesh/blob/vx/docs/checks/namespace-not-injected.md) | Namespace shop\\\\u001b\\[2J | No sidecars.<br>**help:** Label it. |
"
`);
  });

  test('no table where nothing is found', () => {
    expect(findingsAsMarkdown([], 3)).toBe('Nothing found in 3 objects.\n');
  });

  test('text of manifests stays text', () => {
    const message = '| <img src=x> @everyone `a` [b](http://c) https://d www.e #1 **f**\n| g';
    const lines = findingsAsMarkdown([{ ...FINDINGS[0], message }], 1).split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[4]).toContain(
      '\\| &lt;img src=x&gt; &#64;everyone \\`a\\` \\[b\\]\\(http&#58;//c\\) https&#58;//d www&#46;e \\#1 \\*\\*f\\*\\*\\\\u000a\\| g',
    );
  });

  test('fits into a comment, and says what it leaves out', () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({ ...FINDINGS[0], name: `cart-${index}` }));
    const text = findingsAsMarkdown(many, 5000);
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text.length).toBeGreaterThan(55_000);
    const rows = text.split('\n').filter((line) => line.startsWith('| error')).length;
    expect(text).toMatch(new RegExp(`\n${5000 - rows} more findings did not fit here\\.\n$`));
  });
});
