/*
 * Helm and Istio's charts, where conformance/prepare has put them.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const CACHE = join(__dirname, '../../conformance/.cache');

export const HELM = join(CACHE, 'helm');
export const CHARTS = join(CACHE, 'charts');

/** Why the tests that need them are skipped; undefined where they are there. */
export const MISSING = [HELM, join(CHARTS, 'istiod/Chart.yaml')].every((path) => existsSync(path))
  ? undefined
  : 'Helm and the charts are not in conformance/.cache';

/** `describe`, or with the reason in the title none of it. */
export function describeWithCharts(title: string, tests: () => void): void {
  (MISSING === undefined ? describe : describe.skip)(MISSING === undefined ? title : `${title} (${MISSING})`, tests);
}
