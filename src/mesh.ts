/*
 * The front door of the read side: what a user of the library calls a mesh. What stands behind it is loaded on first use: an app
 * that only writes, or only routes, should not wait for the rest. Of Node itself only `fromFiles` needs anything.
 */
import type { App, Chart } from 'cdk8s';
import type { Finding } from './checks/finding';
import type { RouteDecision } from './envoy/decision';
import type { RefusalOf } from './envoy/refused-objects';
import type { RouteRequest } from './envoy/request';
import type { Router } from './envoy/router';
import { apiObjectsBelow, serialize } from './manifests/api-objects';
import type { RawManifest } from './manifests/manifest-list';
import type { MeshObject } from './manifests/object';
import { type ReadManifests, readText, refuseUnreadable } from './manifests/text';
import type { Unreadable } from './manifests/unreadable';
import type { MeshModel } from './model/model';
import type { ProxyConfiguration, ProxyConfigurationOptions } from './proxy/config/proxy-configuration';
import type { OutboundTrafficPolicy } from './proxy/outbound-traffic-policy';
import { complaintAboutFields, type Fields } from './syntax/known-fields';
import { nameOfType } from './syntax/type-name';

/** What manifests need not say about the cluster that they are for. */
export interface MeshOptions {
  /**
   * Namespace of the objects that name none.
   *
   * @default 'default'
   */
  readonly defaultNamespace?: string;

  /**
   * Istio's root namespace, whose DestinationRules hold for every namespace. It comes before what a MeshConfig says.
   *
   * @default - `rootNamespace` of a MeshConfig among the manifests, or else 'istio-system'
   */
  readonly rootNamespace?: string;

  /**
   * DNS domain of the cluster.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * What a sidecar does with requests to hosts that the mesh does not know. It comes before what a MeshConfig says.
   *
   * @default - `outboundTrafficPolicy` of a MeshConfig among the manifests, or else OutboundTrafficPolicy.ALLOW_ANY
   */
  readonly outboundTrafficPolicy?: OutboundTrafficPolicy;

  /**
   * Whether each Gateway that a VirtualService names and the manifests do not contain is taken for there, with HTTP on port 80 and HTTPS
   * on port 443 for the hosts of the VirtualServices that are bound to it. A decision that rests on it says so in its caveats.
   *
   * @default false
   */
  readonly assumeGateways?: boolean;

  /**
   * The largest file that `fromFiles` reads, in bytes.
   *
   * @default 67108864 (64 MiB)
   */
  readonly maxFileBytes?: number;

  /**
   * Whether files and documents that cannot be read are left out, each with a finding of the check `unreadable-file`. Otherwise
   * `fromFiles` and `fromYaml` throw an error that names them all.
   *
   * @default false
   */
  readonly skipUnreadable?: boolean;

  /**
   * Paths that `fromFiles` leaves out, as .gitignore writes them: a name at any depth, or a path from the folder that is read, with `*`
   * within a name and `**` across folders.
   *
   * @default - none but hidden folders and node_modules
   */
  readonly exclude?: string[];
}

/** Which checks to run. */
export interface CheckOptions {
  /**
   * Ids of checks to leave out.
   *
   * @default - none: all checks run
   */
  readonly disable?: string[];

  /**
   * The state before, as it was applied last. The step from there to this one is checked, too: whether requests go to pods that
   * it only starts, or pods go while routes lead to them.
   *
   * @default - none: only this state is checked
   */
  readonly previous?: Mesh;
}

/**
 * A service mesh as its manifests describe it, ready to answer questions. The answers depend on nothing else: no cluster, no
 * clock, no network.
 */
export class Mesh {
  /**
   * A mesh of plain manifests, such as `Chart.toJson()` or a YAML parser gives.
   *
   * @param objects the manifests; a `List` counts as its items, and kinds that routing does not concern are carried along
   */
  public static fromManifests(objects: unknown[], options: MeshOptions = {}): Mesh {
    if (!Array.isArray(objects)) {
      throw misused('fromManifests', 'a list of manifests', objects, 'YAML text is read by Mesh.fromYaml');
    }
    return new Mesh(inMemory(objects), options);
  }

  /** A mesh of everything in a chart, charts within it included. */
  public static fromChart(chart: Chart, options: MeshOptions = {}): Mesh {
    if (chart?.node === undefined) {
      throw misused('fromChart', 'a Chart', chart, 'what Chart.toJson gives is read by Mesh.fromManifests');
    }
    return new Mesh(serialize(apiObjectsBelow(chart)), options);
  }

  /** A mesh of everything in an app. */
  public static fromApp(app: App, options: MeshOptions = {}): Mesh {
    if (app?.node === undefined) {
      throw misused('fromApp', 'an App', app, 'synthesized files are read by Mesh.fromFiles');
    }
    return new Mesh(serialize(apiObjectsBelow(app)), options);
  }

  /** @internal */
  public static _fromRead({ manifests, unreadable }: ReadManifests, options: MeshOptions = {}): Mesh {
    return new Mesh(
      options.skipUnreadable === true ? manifests : refuseUnreadable({ manifests, unreadable }),
      options,
      unreadable,
    );
  }

  /**
   * A mesh of YAML or JSON files; of a folder, all `.yaml`, `.yml` and `.json` files in it and below. Files in which nothing has a kind
   * are left alone, and so are hidden folders and node_modules. No program is started: Helm charts are left out, and of what
   * Kustomize builds the patches and bases; `versioned-mesh` builds both.
   *
   * @throws Error when a path is missing, or a file is too large, binary, or not valid YAML (see `skipUnreadable`).
   */
  public static fromFiles(paths: string[], options: MeshOptions = {}): Mesh {
    if (!Array.isArray(paths)) {
      throw misused('fromFiles', 'a list of paths', paths, "write one path as in ['dist']");
    }
    const { readManifests } = require('./manifests/read-manifests') as typeof import('./manifests/read-manifests');
    return Mesh._fromRead(readManifests(paths, { maxBytes: options.maxFileBytes, exclude: options.exclude }), options);
  }

  /**
   * A mesh of a text with any number of YAML documents.
   *
   * @throws Error when it is not valid YAML (see `skipUnreadable`).
   *
   * @param text the documents
   * @param sourceName what messages call the text; 'the given YAML' when left out
   */
  public static fromYaml(text: string, sourceName: string = 'the given YAML', options: MeshOptions = {}): Mesh {
    if (typeof text !== 'string') {
      throw misused('fromYaml', 'text', text, 'parsed manifests are read by Mesh.fromManifests');
    }
    return Mesh._fromRead(readText(text, sourceName), options);
  }

  /** @internal */
  public readonly _model: MeshModel;
  private router?: Router;

  private constructor(
    manifests: readonly RawManifest[],
    /** @internal */
    public readonly _options: MeshOptions,
    unreadable: readonly Unreadable[] = [],
  ) {
    refuseUnknown(_options, MESH_OPTIONS);
    const { MeshModel: Model } = require('./model/model') as typeof import('./model/model');
    this._model = new Model(manifests, _options, unreadable);
  }

  /** @internal */
  public _withAssumedGateways(): Mesh {
    const { objects, unreadable } = this._model;
    const manifests = objects.map(({ raw, source }) => ({ raw, source }));
    return new Mesh(manifests, { ...this._options, assumeGateways: true }, unreadable);
  }

  /**
   * Where a request goes, and why.
   *
   * @throws Error when the request itself makes no sense: a URL without http:// or https://, a workload that does not exist.
   */
  public route(request: RouteRequest): RouteDecision {
    if (this.router === undefined) {
      const { Router: Routes } = require('./envoy/router') as typeof import('./envoy/router');
      this.router = new Routes(this._model, this.refusalOf());
    }
    return this.router.route(request);
  }

  /** Why an object is refused, for decisions that rest on it. Checks stand above routing, and are loaded only for objects in question. */
  private refusalOf(): RefusalOf {
    const known = new Map<MeshObject, ReturnType<RefusalOf>>();
    return (object) => {
      if (!known.has(object)) {
        const { refusalOf } = require('./checks/refusal-of') as typeof import('./checks/refusal-of');
        known.set(object, refusalOf(object, this._model.options));
      }
      return known.get(object);
    };
  }

  /**
   * What proxies are configured to do, from which `route` answers: of the gateways, and of the workloads. Those that are configured
   * alike are one.
   *
   * @throws Error for a workload that does not exist, and for an option that is none.
   */
  public proxyConfigurations(options: ProxyConfigurationOptions = {}): ProxyConfiguration[] {
    refuseUnknown(options, CONFIGURATION_OPTIONS);
    const { configurationsOf } =
      require('./proxy/config/configurations') as typeof import('./proxy/config/configurations');
    return [...configurationsOf(this._model, options)];
  }

  /**
   * What is wrong with the manifests: errors first, then warnings, then what is only worth knowing.
   *
   * @throws Error when asked to leave out a check that does not exist, and for an option that is none.
   */
  public check(options: CheckOptions = {}): Finding[] {
    refuseUnknown(options, CHECK_OPTIONS);
    if (options.previous !== undefined && !(options.previous instanceof Mesh)) {
      throw misused('check', 'a Mesh', options.previous, "write previous: Mesh.fromFiles(['dist/step-1'])");
    }
    const { ALL_CHECKS } = require('./checks/all-checks') as typeof import('./checks/all-checks');
    const { runChecks } = require('./checks/run-checks') as typeof import('./checks/run-checks');
    return runChecks(this._model, ALL_CHECKS, options.disable, options.previous?._model);
  }
}

const MESH_OPTIONS: Fields<MeshOptions> = {
  owner: 'A mesh',
  noun: 'option',
  example: "{ clusterDomain: 'corp.example' }",
  known: {
    defaultNamespace: true,
    rootNamespace: true,
    clusterDomain: true,
    outboundTrafficPolicy: true,
    assumeGateways: true,
    maxFileBytes: true,
    skipUnreadable: true,
    exclude: true,
  },
};

const CHECK_OPTIONS: Fields<CheckOptions> = {
  owner: 'Mesh.check',
  noun: 'option',
  example: "{ disable: ['unreachable-rule'] }",
  known: { disable: true, previous: true },
};

const CONFIGURATION_OPTIONS: Fields<ProxyConfigurationOptions> = {
  owner: 'Mesh.proxyConfigurations',
  noun: 'option',
  example: "{ from: 'gateway' }",
  known: { from: true, gatewayLabels: true, gatewayNamespace: true },
};

function refuseUnknown<T extends object>(options: T, fields: Fields<T>): void {
  const complaint = complaintAboutFields(options, fields);
  if (complaint !== undefined) {
    throw new Error(complaint);
  }
}

function misused(method: string, wanted: string, given: unknown, instead: string): Error {
  return new Error(`Mesh.${method}: ${nameOfType(given)} is not ${wanted}; ${instead}`);
}

function inMemory(objects: readonly unknown[]): readonly RawManifest[] {
  return objects.map((raw, document) => ({ raw, source: { document } }));
}
