/*
 * Says once more, as the last thing of a run, what it takes to run a failed property again: its seed and path, and the case to which
 * fast-check shrank the one that failed.
 */
module.exports = class FailedProperties {
  onRunComplete(_contexts, { testResults: files }) {
    const told = files.flatMap(({ testFilePath, testResults }) =>
      testResults.flatMap(({ fullName, failureMessages }) =>
        failureMessages
          .flatMap((message) => message.match(/Property failed after .*\n.*\n.*\n.*/) ?? [])
          .map((property) => `\n${testFilePath}: ${fullName}\n${property}\n`),
      ),
    );
    // Jest's summary comes after all reporters.
    process.once('exit', () => process.stderr.write(told.join('')));
  }
};
