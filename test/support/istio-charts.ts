/*
 * Helm and Istio's charts, where conformance/prepare has put them.
 */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';

const CACHE = join(__dirname, '../../conformance/.cache');

export const HELM = join(CACHE, 'helm');
export const CHARTS = join(CACHE, 'charts');

const ARE_THERE = [HELM, join(CHARTS, 'istiod/Chart.yaml')].every((path) => existsSync(path));

/** `describe`, or none of it where Helm and the charts are missing: under the same titles, by which snapshots are known. */
export const describeWithCharts = ARE_THERE ? describe : describe.skip;

if (!ARE_THERE) {
  // Jest keeps back what a test prints on its console.
  const file = relative(process.cwd(), expect.getState().testPath ?? '');
  process.stderr.write(`${file}: skipped what needs Helm and Istio's charts; conformance/prepare charts gets both.\n`);
}
