/*
 * What the npm package holds: what it must, nothing else, and no link in its pages that leads out of it.
 */
import { dirname, join, normalize } from 'node:path';

const REQUIRED = [
  ...['package.json', '.jsii', 'README.md', 'API.md', 'CHANGELOG.md', 'LICENSE', 'NOTICE'],
  ...['lib/src/index.js', 'lib/src/index.d.ts', 'lib/src/cli/launch.js', 'lib/bundle/versioned-mesh.js'],
  ...['re2js', 'js-yaml', 'argparse'].map((bundled) => `node_modules/${bundled}/LICENSE`),
];

const ALLOWED = [
  /^(package\.json|\.jsii|(README|API|CHANGELOG)\.md|LICENSE|NOTICE)$/,
  /^lib\/(src|imports)\/.+\.(js|d\.ts)$/,
  /^lib\/bundle\/versioned-mesh\.js$/,
  /^docs\/((checks|api)\/)?([a-z-]+|README)\.md$/,
  /^docs\/schemas\/[a-z-]+\.json$/,
  /^node_modules\/(re2js|js-yaml|argparse)\//,
];

/** What is wrong with the list of files of a package. */
export function wrongFiles(files: readonly string[]): string[] {
  return [
    ...REQUIRED.filter((file) => !files.includes(file)).map((file) => `The package lacks ${file}.`),
    ...files
      .filter((file) => !ALLOWED.some((pattern) => pattern.test(file)))
      .map((file) => `The package has ${file}, which is none of its files; see 'files' in package.json.`),
  ];
}

/** The relative links of the package's own pages that lead to no file of the package; `read` gives the text of a page. */
export function deadLinks(files: readonly string[], read: (page: string) => string): string[] {
  const pages = files.filter((file) => file.endsWith('.md') && !file.startsWith('node_modules/'));
  return pages.flatMap((page) =>
    relativeLinks(read(page))
      .filter((target) => !files.includes(normalize(join(dirname(page), target))))
      .map((target) => `${page} links to ${target}, which the package lacks; link to the repository.`),
  );
}

/** The targets of a page's links into its own folders, without the part behind '#'. */
export function relativeLinks(markdown: string): string[] {
  const prose = markdown.replace(/```[\s\S]*?```/g, '');
  return [...prose.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, target]) => target);
}
