/*
 * `cdk8s-versioned-mesh/testing`: for test runners other than Jest, and for tests that register matchers themselves.
 */
export type { FindingsOptions } from './findings-matcher';
export type { DecisionOptions } from './matcher';
export { type MeshMatchers, matchers } from './matchers';
export { type MeshSubject, route } from './subject';
