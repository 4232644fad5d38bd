import { resultsAsJunit } from '../../src/cli/results-as-junit';

const REQUEST = { url: 'http://a/?x=1&y=2' };

test('JUnit: a suite for each file, and nothing that XML cannot contain', () => {
  const xml = resultsAsJunit([
    { file: 'a.yaml', name: 'good', requests: [REQUEST], failures: [] },
    {
      file: 'b.yaml',
      name: '"bad" \u0000',
      requests: [REQUEST, REQUEST],
      failures: [{ requests: [REQUEST], complaints: ['expected a < b'], explanation: 'trace\n  more' }],
    },
  ]);
  expect(xml).toMatchInlineSnapshot(`
"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="versioned-mesh" tests="2" failures="1" errors="0">
  <testsuite name="a.yaml" tests="1" failures="0" errors="0">
    <testcase classname="a.yaml" name="good"/>
  </testsuite>
  <testsuite name="b.yaml" tests="1" failures="1" errors="0">
    <testcase classname="b.yaml" name="&quot;bad&quot; �">
      <failure message="expected a &lt; b">GET http://a/?x=1&amp;y=2
expected a &lt; b
  trace
    more
</failure>
    </testcase>
  </testsuite>
</testsuites>
"
`);
  expect(xml).not.toContain('\u0000');
});

test('a name can neither end a line nor give an order to a build server', () => {
  const name = 'a\n::error::pwned\r\t##vso[task.complete]\u202e';
  const complaints = ['::error::pwned', '##[error]pwned'];
  const xml = resultsAsJunit([
    { file: name, name, requests: [REQUEST], failures: [{ requests: [REQUEST], complaints, explanation: '' }] },
  ]);
  expect(xml).toContain('name="a&#10;::error::pwned&#13;&#9;&#35;&#35;vso[task.complete]&#8238;"');
  expect(xml.split('\n').filter((line) => /^\s*::/.test(line))).toEqual([]);
  expect(xml).not.toMatch(/##\w*\[/);
});
