/*
 * The pages docs/checks/<id>.md, which are in the package and so wherever it is installed.
 */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { addressOf, packageFolder } from './this-package';

/** What the page says, in Markdown whose links lead somewhere from anywhere. */
export function pageOf(id: string): string {
  const page = readFileSync(path.join(packageFolder(), nameOfPage(id)), 'utf8');
  return page.replace(/(?<=\]\()(?!https?:|#)[^)\s]+/g, (link) => addressOf(path.posix.join('docs/checks', link)));
}

/** Where the page can be read by whoever does not have the package. */
export function addressOfPage(id: string): string {
  return addressOf(nameOfPage(id));
}

/** The first paragraph below the title: what is wrong, in a few sentences. */
export function firstParagraph(page: string): string {
  const [, paragraph = ''] = page.split(/\n{2,}/);
  return paragraph.replace(/\s*\n\s*/g, ' ').trim();
}

function nameOfPage(id: string): string {
  return `docs/checks/${id}.md`;
}
