/*
 * For projects that import `expect` in place of using the global one: the matchers are there, and TypeScript knows them.
 */
import { expect, test } from '@jest/globals';
import { matchers } from '../../src/testing';
import { route } from '../../src/testing/jest';
import { shopChart } from './shop';

test('the imported expect knows the matchers', () => {
  expect(route(shopChart(), { url: 'http://shop.example.com/' })).toReachVersion('v1');
  expect(shopChart()).toHaveNoMeshFindings();
});

test('another runner gets them as an object', () => {
  const decision = route(shopChart(), { url: 'http://shop.example.com/' });
  const utils = { matcherHint: () => 'hint', printExpected: String, printReceived: String };
  expect(matchers.toReachVersion.call({ utils }, decision, 'v1').pass).toBe(true);
  expect(matchers.toReachVersion.call({ utils }, decision, 'v2').message()).toContain('Received version: v1');
});
