/*
 * Writes API.md and docs/api from what jsii has made of the docstrings: an index of every type, and a page for each of the folders
 * in which a user of the library begins.
 *
 *   tsx scripts/api.ts
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembly, ClassType, Docs, EnumType, InterfaceType, Method, Parameter, Property, Type } from '@jsii/spec';

const ROOT = join(__dirname, '..');
const FOLDER = 'docs/api';

interface Page {
  readonly name: string;
  readonly title: string;
  /** Folders of the source whose types are on it. */
  readonly from: readonly string[];
}

const PAGES: readonly Page[] = [
  { name: 'workload', title: 'Workloads: services and their versions', from: ['src/constructs/workload'] },
  { name: 'traffic', title: 'Traffic: meshes, routes and matches', from: ['src/constructs/traffic'] },
  { name: 'gateway', title: 'Gateways', from: ['src/constructs/gateway'] },
  { name: 'security', title: 'Security', from: ['src/constructs/security'] },
  { name: 'platform', title: 'Platform: Istio itself, and namespaces', from: ['src/constructs/platform'] },
  { name: 'objects', title: 'What all objects have', from: ['src/constructs/objects'] },
  { name: 'mesh', title: 'Mesh: routes asked for, and findings', from: ['src'] },
];

type Documented = Type & { readonly docs?: Docs };
type Parents = Pick<ClassType, 'base'> & Pick<InterfaceType, 'interfaces'>;

/** The files by their path from the root. */
export function apiFiles(assembly: Assembly): ReadonlyMap<string, string> {
  const types = Object.values(assembly.types ?? {}).sort((a, b) => (a.name < b.name ? -1 : 1)) as Documented[];
  const onPage = (page: Page) => types.filter((type) => pageOf(type) === page);
  const links = new Map(types.map((type) => [type.fqn, `${pageOf(type).name}.md#${type.name.toLowerCase()}`]));
  return new Map([
    ['API.md', index(onPage)],
    ...PAGES.map((page) => [`${FOLDER}/${page.name}.md`, new Writer(links).page(page, onPage(page))] as const),
  ]);
}

/** The last page has whatever stands in no folder of the others. */
function pageOf({ locationInModule }: Type): Page {
  const file = locationInModule?.filename ?? '';
  const page = PAGES.find(({ from }) => from.some((folder) => file.startsWith(`${folder}/`)));
  if (page === undefined) {
    throw new Error(`No page of the API takes the types of ${file}; add its folder to a page in scripts/api.ts.`);
  }
  return page;
}

function index(onPage: (page: Page) => readonly Documented[]): string {
  const sections = PAGES.map((page) =>
    [
      `## [${page.title}](${FOLDER}/${page.name}.md)\n`,
      ...onPage(page).map(
        ({ name, docs }) =>
          `- [\`${name}\`](${FOLDER}/${page.name}.md#${name.toLowerCase()}): ${inLine(docs?.summary ?? '')}`,
      ),
    ].join('\n'),
  );
  return ['# API', 'Every type of the library, by where one begins. Made from the docstrings.', ...sections, ''].join(
    '\n\n',
  );
}

class Writer {
  public constructor(private readonly links: ReadonlyMap<string, string>) {}

  public page({ title }: Page, types: readonly Documented[]): string {
    return [`# ${title}`, ...types.flatMap((type) => this.type(type)), ''].join('\n\n');
  }

  private type(type: Documented): readonly string[] {
    const head = [`## ${type.name}`, text(type.docs)];
    if (type.kind === 'enum') {
      const { members } = type as EnumType;
      return [
        ...head,
        table(
          ['member', ''],
          members.map(({ name, docs }) => [code(name), inLine(text(docs))]),
        ),
      ];
    }
    const { properties = [], methods = [] } = type as ClassType | InterfaceType;
    const { initializer } = type as ClassType;
    const parents = this.parentsOf(type as Parents);
    return [
      ...head,
      ...(parents.length === 0 ? [] : [`Has all of ${parents.join(' and ')}, too.`]),
      ...(initializer === undefined ? [] : [`\`new ${type.name}(${this.parameters(initializer.parameters)})\``]),
      ...(properties.length === 0 ? [] : [this.properties(type.name, properties)]),
      ...(methods.length === 0 ? [] : [methods.map((method) => this.method(type.name, method)).join('\n')]),
    ];
  }

  private parentsOf({ base, interfaces = [] }: Parents): readonly string[] {
    return [...(base === undefined ? [] : [base]), ...interfaces]
      .filter((fqn) => this.links.has(fqn))
      .map((fqn) => this.link(fqn));
  }

  private properties(owner: string, properties: readonly Property[]): string {
    const rows = properties.map(({ name, optional, static: isStatic, type, docs }) => {
      const otherwise = docs?.default === undefined ? '' : ` Default: ${docs.default.replace(/^- |\.$/g, '')}.`;
      return [
        code(`${isStatic === true ? `${owner}.` : ''}${name}${optional === true ? '?' : ''}`),
        this.reference(type),
        inLine(`${text(docs)}${otherwise}`),
      ];
    });
    return table(['property', 'type', ''], rows);
  }

  private method(owner: string, { name, static: isStatic, parameters = [], returns, docs }: Method): string {
    const signature = `${isStatic === true ? `${owner}.` : ''}${name}(${this.parameters(parameters)})`;
    const result = returns === undefined ? '' : `: ${this.plain(returns.type)}`;
    const explained = parameters
      .filter((parameter) => parameter.docs?.summary !== undefined)
      .map((parameter) => `\n  - ${code(parameter.name)}: ${inLine(text(parameter.docs))}`);
    return `- ${code(signature + result)}: ${inLine(text(docs))}${explained.join('')}`;
  }

  private parameters(parameters: readonly Parameter[] = []): string {
    return parameters
      .map(({ name, type, optional, variadic }) => {
        const given = this.plain(type);
        return `${variadic === true ? '...' : ''}${name}${optional === true ? '?' : ''}: ${given}${variadic === true ? '[]' : ''}`;
      })
      .join(', ');
  }

  /** A type as it stands in code. */
  private plain(type: Property['type']): string {
    if ('fqn' in type) {
      return type.fqn.split('.').slice(1).join('.');
    }
    if ('primitive' in type) {
      return type.primitive;
    }
    if ('collection' in type) {
      const { kind, elementtype } = type.collection;
      return kind === 'array' ? `${this.plain(elementtype)}[]` : `{ [key: string]: ${this.plain(elementtype)} }`;
    }
    return 'union' in type ? type.union.types.map((each) => this.plain(each)).join(' | ') : 'any';
  }

  /** The same, linked where the type is one of the library's. */
  private reference(type: Property['type']): string {
    const fqn =
      'fqn' in type
        ? type.fqn
        : 'collection' in type && 'fqn' in type.collection.elementtype
          ? type.collection.elementtype.fqn
          : '';
    return this.links.has(fqn) ? `[${code(this.plain(type))}](${this.links.get(fqn)})` : code(this.plain(type));
  }

  private link(fqn: string): string {
    return `[${code(fqn.split('.').slice(1).join('.'))}](${this.links.get(fqn)})`;
  }
}

/** All that a docstring says, but for the default. */
function text(docs: Docs | undefined): string {
  const { summary = '', remarks, returns, custom } = docs ?? {};
  const parts = [
    summary,
    remarks,
    returns === undefined ? undefined : `Returns ${returns}`,
    custom?.throws && `Throws ${custom.throws}`,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

function inLine(paragraphs: string): string {
  return paragraphs.replace(/\s*\n\s*/g, ' ');
}

function code(name: string): string {
  return `\`${name}\``;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

if (require.main === module) {
  const assembly = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')) as Assembly;
  rmSync(join(ROOT, FOLDER), { recursive: true, force: true });
  mkdirSync(join(ROOT, FOLDER), { recursive: true });
  for (const [file, content] of apiFiles(assembly)) {
    writeFileSync(join(ROOT, file), content);
  }
}
