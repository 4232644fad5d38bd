import { readFileSync } from 'node:fs';

interface ThisPackage {
  readonly version: string;
  readonly homepage: string;
  readonly repository: { readonly url: string };
}

/** The package that this file belongs to, whether it runs from its source or as it is published. */
export function thisPackage(): ThisPackage {
  known ??= JSON.parse(readFileSync(require.resolve('cdk8s-versioned-mesh/package.json'), 'utf8')) as ThisPackage;
  return known;
}

let known: ThisPackage | undefined;

/** Where a file of this package can be read by whoever does not have it. */
export function addressOf(path: string): string {
  const { repository, version } = thisPackage();
  return `${repository.url.replace(/\.git$/, '')}/blob/v${version}/${path}`;
}
