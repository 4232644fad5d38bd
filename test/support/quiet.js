/*
 * Jest's own reporter, but for the files in which all is well.
 */
const { DefaultReporter } = require('@jest/reporters');

module.exports = class Quiet extends DefaultReporter {
  printTestFileHeader(file, config, result) {
    if (result.numFailingTests > 0 || result.testExecError) {
      super.printTestFileHeader(file, config, result);
    }
  }
};
