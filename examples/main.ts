/*
 * The app that `cdk8s synth` runs at the top: every example, one chart each, and into dist/platform what they run on.
 */
import { join } from 'node:path';
import { App } from 'cdk8s';
import { ApisChart } from './apis/chart';
import { jason } from './bookinfo/tasks';
import { HelloChart } from './hello/chart';
import { HelloworldChart } from './helloworld/chart';
import { platform } from './platform/chart';

const app = new App();
new HelloChart(app, 'hello');
new ApisChart(app, 'apis');
new HelloworldChart(app, 'helloworld');
jason(app, 'bookinfo');
app.synth();
writePlatform(join(app.outdir, 'platform'));

/** It takes Helm and Istio's charts, which the other examples do without. */
function writePlatform(outdir: string): void {
  const app = new App({ outdir });
  try {
    platform(app);
  } catch (error) {
    // Who says where the charts are wants the platform.
    if (process.env.ISTIO_CHARTS !== undefined) {
      throw error;
    }
    const where = 'ISTIO_CHARTS names a folder that has the charts, where there is no network.';
    process.stderr.write(`${outdir} is left out. ${(error as Error).message} ${where}\n`);
    return;
  }
  app.synth();
}
