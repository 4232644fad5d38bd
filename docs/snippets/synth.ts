/*
 * Every snippet that makes objects, in an app of its own. synth.py does the same in Python, and CI compares the files that the two
 * write, byte for byte: a snippet is added here and there.
 */
import { App, Chart } from 'cdk8s';
import { VersionedService } from 'cdk8s-versioned-mesh';
import { frontend } from './flask-like-app';
import { routes } from './header-routed-mesh';
import { ApisChart } from './two-versions';
import { reviews } from './versioned-service';

/** By the name of the snippet's file; each makes one chart. */
export const SNIPPETS: { readonly [name: string]: (app: App, id: string) => void } = {
  'two-versions': (app, id) => {
    new ApisChart(app, id);
  },
  'flask-like-app': (app, id) => {
    frontend(new Chart(app, id));
  },
  'versioned-service': (app, id) => {
    reviews(new Chart(app, id));
  },
  'header-routed-mesh': (app, id) => {
    const chart = new Chart(app, id);
    routes(chart, versioned(chart, 'shop'), versioned(chart, 'reviews'));
  },
};

function versioned(chart: Chart, id: string): VersionedService {
  const service = new VersionedService(chart, id);
  for (const version of ['v1', 'v2']) {
    service.addVersion(version, { image: `ghcr.io/acme/${id}:${version}` });
  }
  return service;
}

if (require.main === module) {
  for (const [name, make] of Object.entries(SNIPPETS)) {
    const app = new App();
    make(app, name);
    app.synth();
  }
}
