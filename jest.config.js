/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test', '<rootDir>/examples', '<rootDir>/docs/snippets'],
  testMatch: ['**/*.test.ts'],
  // One process a core. Jest's default leaves one core out, which on a small machine is half of them.
  maxWorkers: '100%',
  reporters: ['default', '<rootDir>/test/support/failed-properties.js'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  moduleNameMapper: {
    '^cdk8s-versioned-mesh$': '<rootDir>/src/index.ts',
    '^cdk8s-versioned-mesh/(jest|testing)$': '<rootDir>/src/testing/$1',
  },
};
