/*
 * `cdk8s-versioned-mesh/jest`: importing it teaches Jest's `expect` the matchers, and TypeScript too, whether `expect` is the
 * global one (of @types/jest) or imported from @jest/globals.
 */
import { type MeshMatchers, matchers } from './matchers';

// Only a module that somebody imports can be augmented. This one comes with Jest, and with @types/jest.
export type {} from 'expect';
export * from './index';

declare global {
  namespace jest {
    interface Matchers<R> extends MeshMatchers<R> {}
  }
}

declare module 'expect' {
  interface Matchers<R> extends MeshMatchers<R> {}
}

interface Expect {
  extend(added: typeof matchers): void;
}

/** Jest gives each test file an `expect` of its own; with `injectGlobals: false` only by its module. */
function expectOfJest(): Expect {
  try {
    return (globalThis as { expect?: Expect }).expect ?? (require('@jest/globals') as { expect: Expect }).expect;
  } catch {
    throw new Error(
      "cdk8s-versioned-mesh/jest was imported outside of a test that Jest runs. In another test runner, write expect.extend(matchers) with the matchers from 'cdk8s-versioned-mesh/testing'.",
    );
  }
}

expectOfJest().extend(matchers);
