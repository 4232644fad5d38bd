/*
 * Lets node run the examples as they stand: node -r ./examples/typescript.js examples/main.ts
 *
 * It only strips types, by the compiler that the tests use too, and starts in a third of the time of a general-purpose
 * runner, which every `cdk8s synth` would have to wait for. Checking the types is the linter's part.
 */
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

const LIBRARY = 'cdk8s-versioned-mesh';
const SOURCE = join(__dirname, '../src/index.ts');
const OPTIONS = {
  swcrc: false,
  jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  module: { type: 'commonjs' },
};

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...OPTIONS, filename });
  module._compile(code, filename);
};

// The examples name the library as a user does; here that is the source, so that nothing has to be built first.
const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => resolve(request === LIBRARY ? SOURCE : request, ...rest);
