/*
 * Charts of whatever props there are: what they are made from, and how.
 */
import type { Chart } from 'cdk8s';
import {
  FlaskLikeApp,
  HeaderMatch,
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  MeshNamespace,
  PathMatch,
  RequestMatch,
  VersionedService,
} from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { anyApp, anyExposure, anyMesh, anyNamespace, anyService, anyVersion } from './any-props';
import { names } from './arbitraries';
import { versioned } from './versioned';

export interface AnyChart<T> {
  readonly inputs: fc.Arbitrary<T>;
  readonly build: (chart: Chart, input: T) => void;
}

export const chartOfApp = charts(fc.tuple(names, anyApp, fc.option(anyExposure)), (chart, [id, props, exposure]) => {
  const app = new FlaskLikeApp(chart, id, props);
  if (exposure !== null) {
    app.expose(exposure);
  }
});

/** Of no version up to three. */
export const chartOfService = charts(
  fc.tuple(names, anyService, fc.array(fc.tuple(names, anyVersion), { maxLength: 3 })),
  (chart, [id, props, versions]) => {
    const service = new VersionedService(chart, id, props);
    for (const [version, options] of versions) {
      service.addVersion(version, options);
    }
  },
);

export const chartOfMesh = charts(fc.tuple(names, anyMesh, fc.boolean()), (chart, [id, props, isLong]) => {
  const mesh = new HeaderRoutedMesh(chart, id, { ...versioned(chart), ...props } as HeaderRoutedMeshProps);
  if (isLong) {
    const another = versioned(chart, 'another', { namespace: 'elsewhere' });
    mesh.addService(another.service, another);
  }
});

export const chartOfRules = charts(
  fc.array(fc.tuple(names, names, fc.option(names)), { maxLength: 3 }),
  (chart, rules) => {
    const apis = versioned(chart);
    const mesh = new HeaderRoutedMesh(chart, 'mesh', { hosts: ['*'], ...apis });
    for (const [header, value, path] of rules) {
      const match = HeaderMatch.contains(header, value);
      const both = path === null ? match : RequestMatch.allOf(match, PathMatch.under(`/${path}`));
      mesh.route(apis.service.version('v2'), both, { name: value });
    }
  },
);

export const chartOfNamespace = charts(fc.tuple(names, anyNamespace), (chart, [id, props]) => {
  new MeshNamespace(chart, id, props);
});

function charts<T>(inputs: fc.Arbitrary<T>, build: (chart: Chart, input: T) => void): AnyChart<T> {
  return { inputs, build };
}
