/*
 * Helm charts: rendered where helm is here, and else left out.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { listOf } from '../../syntax/wording';
import { readFile } from '../files';
import type { ObjectSource } from '../object';
import { readText } from '../text';
import type { Build } from './build';
import { findProgram, inOneLine, linesSaid, runProgram } from './program';

export interface HelmValues {
  /** Files of values, the last one wins. */
  readonly files?: readonly string[];
  /** Single values, `key=value`. */
  readonly set?: readonly string[];
  /** Namespace of the release. */
  readonly namespace?: string;
}

interface Rendered extends Partial<Build> {
  /** Why it was not rendered. */
  readonly obstacle?: string;
}

/** @param mayRun whether programs may be started */
export function renderCharts(folders: readonly string[], values: HelmValues, mayRun: boolean): Build {
  const helm = mayRun ? findProgram('helm') : undefined;
  const all = folders
    .filter((folder) => !isLibrary(folder))
    .map((folder) => ({ folder, ...render(folder, values, helm) }));
  return {
    manifests: all.flatMap(({ manifests = [] }) => manifests),
    unreadable: all.flatMap(({ unreadable = [] }) => unreadable),
    said: all.flatMap(({ said = [] }) => said),
    notes: noteOn(
      all.flatMap(({ folder, obstacle }) => (obstacle === undefined ? [] : [{ folder, reason: obstacle }])),
    ),
    skipped: new Map(),
  };
}

function render(folder: string, values: HelmValues, helm: string | undefined): Rendered {
  const link = linkOut(folder);
  if (helm === undefined || link !== undefined) {
    return {
      obstacle: link === undefined ? 'helm is not on the PATH, or must not run' : `${link} is a link out of the chart`,
    };
  }
  const { text, said } = runProgram(helm, wordsFor(folder, values));
  if (text === undefined) {
    return {
      unreadable: [
        { file: chartFile(folder), line: 1, reason: `cannot be rendered, as helm says: ${inOneLine(said)}` },
      ],
    };
  }
  const sourceAt = sourcesIn(text, folder);
  return {
    manifests: readText(text, folder).manifests.map(({ raw, source }) => ({ raw, source: sourceAt(source) })),
    said: linesSaid('helm', said),
  };
}

function noteOn(unbuilt: readonly { readonly folder: string; readonly reason: string }[]): readonly string[] {
  if (unbuilt.length === 0) {
    return [];
  }
  const reasons = [...new Set(unbuilt.map(({ reason }) => reason))];
  const names = listOf(
    unbuilt.map(({ folder }) => folder),
    'and',
    3,
  );
  return [
    `Not rendered with Helm, and left out: ${names} (${listOf(reasons, 'and', 2)}). Render it first: helm template ${unbuilt[0].folder} | versioned-mesh check -`,
  ];
}

function wordsFor(folder: string, { files = [], set = [], namespace = 'default' }: HelmValues): readonly string[] {
  return [
    'template',
    'release',
    path.resolve(folder),
    '--namespace',
    namespace,
    ...files.flatMap((file) => ['--values', path.resolve(file)]),
    ...set.flatMap((pair) => ['--set', pair]),
  ];
}

function chartFile(folder: string): string {
  return path.join(folder, 'Chart.yaml');
}

/** A chart of type library is there for others, and renders nothing. */
function isLibrary(folder: string): boolean {
  const raw = readFile(chartFile(folder)).manifests[0]?.raw;
  return typeof raw === 'object' && raw !== null && 'type' in raw && raw.type === 'library';
}

/** The template that each object comes from, as Helm notes it above: `# Source: chart/templates/web.yaml`. */
function sourcesIn(text: string, folder: string): (source: ObjectSource) => ObjectSource {
  let file = folder;
  const files = text.split('\n').map((line) => {
    const template = /^# Source: [^/]+\/(.+)$/.exec(line)?.[1];
    file = template === undefined ? file : path.join(folder, template);
    return file;
  });
  return ({ document, line = 1 }) => ({ file: files[line - 1], document, appliedWith: folder });
}

/** A link in the chart that leads out of it: `.Files.Get` would follow it. */
function linkOut(folder: string): string | undefined {
  const top = fs.realpathSync(folder);
  const links = fs
    .readdirSync(top, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(top, name))
    .filter((entry) => fs.lstatSync(entry).isSymbolicLink());
  return links.find((link) => {
    const way = path.relative(top, realPath(link));
    return way.startsWith('..') || path.isAbsolute(way);
  });
}

function realPath(link: string): string {
  try {
    return fs.realpathSync(link);
  } catch {
    return '/';
  }
}
