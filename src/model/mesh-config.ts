/*
 * MeshConfig: what istiod takes for granted in the whole mesh. It stands in a ConfigMap beside istiod, `istio`, or `istio-REVISION` for
 * the istiod of a revision; an IstioOperator has it too (`ApplyMeshConfig`, `getMeshConfigMapName`).
 */
import { Node, type ReadProblem, type StringMap } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import type { PathNormalization } from '../syntax/request-target';
import type { Retries } from './http-route';
import { type LabelSelector, readLabelSelector, selectsLabels } from './label-selector';
import { inMeshNetworks, MESH_CONFIG_FIELDS, type Unread } from './mesh-config-fields';
import { readRetries } from './read-virtual-service';
import { type HttpChoice, readHttpChoice } from './upstream-http';

/** How far a ServiceEntry is visible at most. */
export type EntryVisibility = 'PUBLIC' | 'NAMESPACE' | 'NONE';

/** As plain data, so that the settings of two control planes can be compared. */
interface Settings {
  readonly rootNamespace?: string;
  /** A mode of Istio's, for hosts that the mesh does not know. */
  readonly outboundMode?: string;
  /** Whether sidecars speak TLS to such hosts, where they look them up themselves. */
  readonly startsTls: boolean;
  /** For what says nothing itself; empty for all namespaces. */
  readonly exportTo: {
    readonly services: readonly string[];
    readonly virtualServices: readonly string[];
    readonly destinationRules: readonly string[];
  };
  /** For rules that say nothing of it; absent for Istio's own. */
  readonly retries?: Retries;
  readonly pathNormalization: PathNormalization;
  /** The version of HTTP for destinations of which no DestinationRule says anything about connections. */
  readonly httpChoice?: HttpChoice;
  /** Whether HTTP/2 is spoken to every port of HTTP for which a DestinationRule does not say otherwise. */
  readonly upgradesToHttp2: boolean;
  /** Namespaces that istiod looks into; all where there is none. */
  readonly discovery: readonly LabelSelector[];
  /** Absent where sidecars do not go by it. */
  readonly entryVisibility?: {
    readonly otherwise: EntryVisibility;
    readonly policies: readonly { readonly visibility: EntryVisibility; readonly rules: readonly LabelSelector[] }[];
  };
  /** Which Ingresses without an IngressClass are for Istio: none, those annotated with `ingressClass`, or also those without a class. */
  readonly ingressMode: IngressMode;
  readonly ingressClass: string;
  readonly unread: readonly Unread[];
}

type IngressMode = (typeof INGRESS_MODES)[number];

export interface MeshConfig extends Settings {
  /** Where it is written; absent where Istio's defaults are assumed. */
  readonly object?: MeshObject;
  /** Where in the object. */
  readonly path?: string;
  /** Those of other control planes that say something else. */
  readonly others: readonly MeshObject[];
}

/** An object with a MeshConfig in it. */
interface Written {
  readonly object: MeshObject;
  readonly path: string;
  readonly settings: Settings;
}

/** @param objects all that are applied */
export function readMeshConfig(objects: readonly MeshObject[]): MeshConfig {
  const maps = objects.filter(isMeshConfigMap).map(ofConfigMap);
  const written = maps.length > 0 ? maps : objects.filter(isOperator).map(ofOperator);
  const chosen = written.find(({ object }) => isWithoutRevision(object)) ?? written[0];
  if (chosen === undefined) {
    return { ...settingsOf(Node.root(undefined, [])), others: [] };
  }
  const said = JSON.stringify(chosen.settings);
  return {
    ...chosen.settings,
    unread: chosen.settings.unread.filter(
      ({ onlyWith }) => onlyWith === undefined || objects.some(({ kind }) => kind === onlyWith),
    ),
    object: chosen.object,
    path: chosen.path,
    others: written.filter(({ settings }) => JSON.stringify(settings) !== said).map(({ object }) => object),
  };
}

/** The label that the API server gives each Namespace. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Whether istiod looks into a namespace; 'unknown' where that depends on labels that are not given. */
export function isDiscovered(
  discovery: readonly LabelSelector[],
  name: string,
  namespace?: MeshObject,
): boolean | 'unknown' {
  const labels = withName(name, namespace?.labels);
  const answers = discovery.map((selector) =>
    namespace === undefined && selector.some(({ key }) => key !== NAME_LABEL)
      ? 'unknown'
      : selectsLabels(selector, labels),
  );
  return answers.includes(true) ? true : answers.includes('unknown') ? 'unknown' : false;
}

/** How far the ServiceEntries of a namespace are visible at most (`VisibilityFor`). */
export function entryVisibilityIn({ entryVisibility }: Settings, name: string, labels?: StringMap): EntryVisibility {
  const all = withName(name, labels);
  const policy = entryVisibility?.policies.find(({ rules }) => rules.every((rule) => selectsLabels(rule, all)));
  return policy?.visibility ?? entryVisibility?.otherwise ?? 'PUBLIC';
}

function withName(name: string, labels: StringMap = new Map()): StringMap {
  return new Map([...labels, [NAME_LABEL, name]]);
}

function isMeshConfigMap({ kind, group, name, node }: MeshObject): boolean {
  return kind === 'ConfigMap' && group === '' && /^istio(-|$)/.test(name) && node.get('data').get('mesh').present;
}

function isOperator({ kind, group, node }: MeshObject): boolean {
  return kind === 'IstioOperator' && group === 'install.istio.io' && node.get('spec').get('meshConfig').present;
}

function isWithoutRevision({ kind, name, node }: MeshObject): boolean {
  return kind === 'ConfigMap' ? name === 'istio' : !node.get('spec').get('revision').present;
}

function ofOperator(object: MeshObject): Written {
  const meshConfig = object.node.get('spec').get('meshConfig');
  return { object, path: meshConfig.path, settings: settingsOf(meshConfig) };
}

function ofConfigMap(object: MeshObject): Written {
  const data = object.node.get('data');
  const text = data.get('mesh');
  const problems: ReadProblem[] = [];
  const settings = settingsOf(parsed(text, problems));
  const networks = data.get('meshNetworks');
  const beside = networks.present ? inMeshNetworks(parsed(networks, [])) : [];
  const [problem] = problems;
  if (problem === undefined) {
    return { object, path: text.path, settings: { ...settings, unread: [...settings.unread, ...beside] } };
  }
  text.problem(`is not a MeshConfig: ${problem.path === '' ? 'it' : problem.path} ${problem.message}`);
  const decides = 'everything in it: istiod cannot read it, and keeps what it had, or starts with its defaults';
  return {
    object,
    path: text.path,
    settings: { ...settingsOf(Node.root(undefined, [])), unread: [{ field: 'mesh', decides }] },
  };
}

function parsed(text: Node, problems: ReadProblem[]): Node {
  const { parseYaml, YamlError } = require('../manifests/yaml') as typeof import('../manifests/yaml');
  try {
    return Node.root(parseYaml(text.string() ?? '').value, problems);
  } catch (error) {
    if (!(error instanceof YamlError)) {
      throw error;
    }
    problems.push({ path: '', message: error.message });
    return Node.root(undefined, []);
  }
}

function settingsOf(mesh: Node): Settings {
  const field = (name: string) => fieldOf(mesh, name);
  const policy = field('outboundTrafficPolicy');
  const pool = field('defaultTrafficPolicy');
  const visibility = field('serviceEntryVisibility');
  const ingressMode = field('ingressControllerMode');
  return {
    rootNamespace: field('rootNamespace').text(),
    outboundMode: policy.present ? enumOf(fieldOf(policy, 'mode'), OUTBOUND_MODES) : undefined,
    startsTls: policy.get('tls').present,
    exportTo: {
      services: field('defaultServiceExportTo').strings(),
      virtualServices: field('defaultVirtualServiceExportTo').strings(),
      destinationRules: field('defaultDestinationRuleExportTo').strings(),
    },
    retries: readRetries(field('defaultHttpRetryPolicy')),
    pathNormalization: enumOf(field('pathNormalization').get('normalization'), NORMALIZATIONS),
    httpChoice: readHttpChoice(pool),
    upgradesToHttp2: enumOf(field('h2UpgradePolicy'), ['DO_NOT_UPGRADE', 'UPGRADE']) === 'UPGRADE',
    discovery: field('discoverySelectors').maps().map(readLabelSelector),
    entryVisibility: visibility.get('applyToSidecars').boolean() === true ? readEntryVisibility(visibility) : undefined,
    ingressMode: ingressMode.present ? enumOf(ingressMode, INGRESS_MODES) : 'STRICT',
    ingressClass: field('ingressClass').text() ?? 'istio',
    unread: Object.entries(MESH_CONFIG_FIELDS).flatMap(([name, use]) =>
      typeof use === 'string' || !field(name).present ? [] : use(field(name)),
    ),
  };
}

/** By number in the order of the enum, of which the first is meant by nothing; 2 was a mode once. */
const OUTBOUND_MODES = ['REGISTRY_ONLY', 'ALLOW_ANY', '', 'ALLOW_ANY_DYNAMIC_DNS'] as const;
/** The first is what istiod takes for an error, and then for none. */
const INGRESS_MODES = ['UNSPECIFIED', 'OFF', 'DEFAULT', 'STRICT'] as const;
const NORMALIZATIONS = ['DEFAULT', 'NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'] as const;
const VISIBILITIES = ['VISIBILITY_UNSPECIFIED', 'NONE', 'NAMESPACE', 'PUBLIC'] as const;

function readEntryVisibility(node: Node): Settings['entryVisibility'] {
  const visibilityIn = (at: Node): EntryVisibility => {
    const found = enumOf(at, VISIBILITIES);
    return found === 'VISIBILITY_UNSPECIFIED' ? 'PUBLIC' : found;
  };
  return {
    otherwise: visibilityIn(node.get('defaultVisibility')),
    policies: node
      .get('policies')
      .maps()
      .map((policy) => ({
        visibility: visibilityIn(policy.get('visibility')),
        rules: policy
          .get('matchingRules')
          .maps()
          .map((rule) => rule.get('namespaceSelector'))
          // What says nothing that is known matches nothing.
          .map((selector) => (selector.present ? readLabelSelector(selector) : NEVER)),
      })),
  };
}

const NEVER: LabelSelector = [{ key: '', operator: 'In', values: [] }];

/** Fields of protobuf may be written in snake_case, too. */
function fieldOf(node: Node, name: string): Node {
  const field = node.get(name);
  return field.present ? field : node.get(name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** A value of an enum, by name or number; the first where nothing is written. */
function enumOf<T extends string>(node: Node, names: readonly T[]): T {
  const { value } = node;
  if (!node.present) {
    return names[0];
  }
  const found = typeof value === 'number' ? names[value] : names.find((name) => name === value);
  if (found === undefined) {
    node.problem(`is ${JSON.stringify(value)}, which must be ${names.filter((name) => name !== '').join(' or ')}`);
  }
  return found ?? names[0];
}
