/*
 * Says once more, as the last thing of a run, what it takes to run a failed property again: its seed and path, and the case to which
 * fast-check shrank the one that failed.
 */
module.exports = class FailedProperties {
  onRunComplete(_contexts, { testResults: files }) {
    for (const { testFilePath, testResults } of files) {
      for (const { fullName, failureMessages } of testResults) {
        const told = failureMessages.flatMap((message) => message.match(/Property failed after .*\n.*\n.*\n.*/) ?? []);
        if (told.length > 0) {
          process.stderr.write(`\n${testFilePath}: ${fullName}\n${told.join('\n')}\n`);
        }
      }
    }
  }
};
