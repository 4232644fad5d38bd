/*
 * The fenced blocks in the documentation that are copies of a file.
 *
 * A block that follows `<!-- path/to/file -->` holds that file, and the test in test/docs fails where it does not.
 * `npm run docs` copies the files into the blocks.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const COPIED_BLOCK = /<!-- (\S+) -->\n```(\w+)\n([\s\S]*?)```/g;

/** The documents whose blocks are held against files. */
export function documents(): string[] {
  const folders = [
    '.',
    'docs',
    'docs/checks',
    'examples',
    ...['hello', 'apis', 'helloworld'].map((name) => `examples/${name}`),
  ];
  return folders.flatMap((folder) => markdownIn(folder)).sort();
}

/** `document` as it should be: every copied block holding its file. */
export function withFreshBlocks(document: string): string {
  return readFileSync(join(ROOT, document), 'utf8').replace(
    COPIED_BLOCK,
    (_block, file: string, language: string) =>
      `<!-- ${file} -->\n\`\`\`${language}\n${readFileSync(join(ROOT, file), 'utf8').trimEnd()}\n\`\`\``,
  );
}

function markdownIn(folder: string): string[] {
  try {
    return readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

if (require.main === module) {
  for (const document of documents()) {
    writeFileSync(join(ROOT, document), withFreshBlocks(document));
  }
}
