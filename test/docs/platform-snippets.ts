/*
 * A process of its own, since a test cannot put Helm on the PATH of its own: writes the snippets of the page about the platform into
 * folders below the first argument, by the charts in the second.
 */
import { join } from 'node:path';
import { App } from 'cdk8s';
import { IstioCharts } from 'cdk8s-versioned-mesh';
import { shop } from '../../docs/snippets/platform/shop';
import { upgrade } from '../../docs/snippets/platform/upgrade';
import { tuned } from '../../docs/snippets/platform/values';

const [, , folder, path] = process.argv;
const charts = IstioCharts.directory(path);
const SNIPPETS: { readonly [name: string]: (app: App) => void } = {
  shop: (app) => shop(app, charts),
  upgrade: (app) => upgrade(app, charts, charts),
  values: (app) => {
    tuned(app, charts);
  },
};

for (const [name, make] of Object.entries(SNIPPETS)) {
  const app = new App({ outdir: join(folder, name) });
  make(app);
  app.synth();
}
