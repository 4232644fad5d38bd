import fc from 'fast-check';

const FailedProperties = require('./failed-properties');

/** What fast-check throws when a property fails. */
function failure(verbose: boolean): string {
  try {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (_, count) => count < 5),
      { seed: 7, verbose },
    );
    return '';
  } catch (error) {
    return (error as Error).stack ?? '';
  }
}

test.each([false, true])('the last lines say the seed and the shrunk case (verbose: %p)', (verbose) => {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const once = jest.spyOn(process, 'once').mockImplementation((_event, end) => {
    end();
    return process;
  });
  const testResults = [
    { fullName: 'holds', failureMessages: [] },
    { fullName: 'is small', failureMessages: ['expected 1', failure(verbose)] },
  ];
  new FailedProperties().onRunComplete(undefined, { testResults: [{ testFilePath: 'a.test.ts', testResults }] });
  const told = write.mock.calls.join('');
  write.mockRestore();
  once.mockRestore();
  expect(told).toMatch(
    /^\na\.test\.ts: is small\nProperty failed after \d+ tests\n\{ seed: 7, path: "[\d:]+", endOnFailure: true \}\nCounterexample: \["",5\]\nShrunk \d+ time\(s\)\n$/,
  );
});
