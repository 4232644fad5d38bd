/*
 * Charts of whatever props there are: what they are made from, and how.
 */
import type { Chart } from 'cdk8s';
import {
  FlaskLikeApp,
  HeaderMatch,
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  IngressGateway,
  MeshNamespace,
  PathMatch,
  RequestMatch,
  VersionedBy,
  VersionedService,
} from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import {
  anyApp,
  anyExistingVersion,
  anyExposure,
  anyGateway,
  anyMesh,
  anyNamespace,
  anyRoute,
  anyService,
  anyVersion,
} from './any-props';
import { names } from './arbitraries';
import { versioned } from './versioned';

export interface AnyChart<T = unknown> {
  readonly inputs: fc.Arbitrary<T>;
  build(chart: Chart, input: T): void;
}

const app = charts(fc.tuple(names, anyApp, fc.option(anyExposure)), (chart, [id, props, exposure]) => {
  const made = new FlaskLikeApp(chart, id, props);
  if (exposure !== null) {
    made.expose(exposure);
  }
});

/** Of no version up to three. */
const service = charts(
  fc.tuple(
    names,
    anyService,
    fc.array(fc.tuple(names, anyVersion), { maxLength: 3 }),
    fc.array(fc.tuple(names, anyExistingVersion), { maxLength: 1 }),
  ),
  (chart, [id, props, versions, existing]) => {
    const made = new VersionedService(chart, id, props);
    for (const [version, { service, ...options }] of versions) {
      // By subsets, no version has a Service of its own.
      made.addVersion(version, props.versionedBy === VersionedBy.SERVICES ? { ...options, service } : options);
    }
    for (const [version, options] of existing) {
      made.addExistingVersion(version, options);
    }
  },
);

const mesh = charts(fc.tuple(names, anyMesh, fc.boolean()), (chart, [id, props, isLong]) => {
  const made = new HeaderRoutedMesh(chart, id, { ...versioned(chart), ...props } as HeaderRoutedMeshProps);
  if (isLong) {
    const another = versioned(chart, 'another', { namespace: 'elsewhere' });
    made.addService(another.service, { defaultVersion: another.defaultVersion });
  }
});

const gateway = charts(fc.tuple(names, anyGateway), (chart, [id, props]) => {
  new IngressGateway(chart, id, props).addServer(['apis.example.com']);
});

const rules = charts(fc.array(fc.tuple(names, names, fc.option(names)), { maxLength: 3 }), (chart, written) => {
  const apis = versioned(chart);
  const made = new HeaderRoutedMesh(chart, 'mesh', { hosts: ['*'], ...apis });
  for (const [header, value, path] of written) {
    const match = HeaderMatch.contains(header, value);
    const both = path === null ? match : RequestMatch.allOf(match, PathMatch.under(`/${path}`));
    made.route(apis.service.version('v2'), both, { name: value });
  }
});

/** What a route does depends on versions that are there only once the chart is: so it follows from a number. */
const routes = charts(fc.tuple(fc.integer(), names, names), (chart, [seed, header, value]) => {
  const apis = versioned(chart);
  const v2 = apis.service.version('v2');
  const [ofRule, ofDefault] = fc.sample(anyRoute(v2), { seed, numRuns: 2 });
  const made = new HeaderRoutedMesh(chart, 'mesh', { hosts: ['*'], ...apis, defaultRoute: ofDefault });
  made.route(apis.defaultVersion, RequestMatch.allOf(HeaderMatch.exact(header, value), PathMatch.under('/a')), ofRule);
  made.redirect(PathMatch.exact(`/${value}`), { host: 'b.example.com', name: header });
  made.respond(PathMatch.prefix(`/${value}`), { status: 404, body: value });
  made.addLane('beta', {
    match: HeaderMatch.baggage(header, value),
    entry: HeaderMatch.cookie(value, header),
    versions: [v2],
  });
});

const namespace = charts(fc.tuple(names, anyNamespace), (chart, [id, props]) => {
  new MeshNamespace(chart, id, props);
});

/** One for each construct, by title. */
export const ANY_CHARTS: { readonly [title: string]: AnyChart } = {
  FlaskLikeApp: app,
  VersionedService: service,
  HeaderRoutedMesh: mesh,
  IngressGateway: gateway,
  rules,
  routes,
  MeshNamespace: namespace,
};

function charts<T>(inputs: fc.Arbitrary<T>, build: (chart: Chart, input: T) => void): AnyChart<T> {
  return { inputs, build };
}
