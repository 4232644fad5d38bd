import { readFileSync } from 'node:fs';
import * as path from 'node:path';

interface ThisPackage {
  readonly version: string;
  readonly homepage: string;
  readonly repository: { readonly url: string };
}

/** The package that this file belongs to, whether it runs from its source or as it is published. */
export function thisPackage(): ThisPackage {
  known ??= JSON.parse(readFileSync(path.join(packageFolder(), 'package.json'), 'utf8')) as ThisPackage;
  return known;
}

/** Where it is installed. */
export function packageFolder(): string {
  return path.dirname(require.resolve('cdk8s-versioned-mesh/package.json'));
}

let known: ThisPackage | undefined;

/** Where a file of this package can be read by whoever does not have it. */
export function addressOf(file: string): string {
  const { repository, version } = thisPackage();
  return `${repository.url.replace(/\.git$/, '')}/blob/v${version}/${file}`;
}
