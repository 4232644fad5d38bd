/*
 * Patterns of paths, as .gitignore has them: `*` and `?` stay within a name, `**` goes across folders, and a pattern without '/'
 * is for names at any depth.
 */

/** Whether a path, with '/' between its names, is what a pattern means, or lies below it. */
export type PathTest = (path: string) => boolean;

export function pathTest(glob: string): PathTest {
  const pattern = glob.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  const anywhere = !pattern.includes('/');
  const regex = new RegExp(`${anywhere ? '(?:^|/)' : '^'}${pattern.split('/').map(ofName).join('/')}(?:/|$)`);
  return (path) => regex.test(path.replace(/^(?:\.\/)+/, ''));
}

function ofName(name: string): string {
  return name === '**'
    ? '(?:[^/]+/)*[^/]*'
    : name.replace(/[*?]+|[^*?]+/g, (part) => {
        if (part.includes('*')) {
          return '[^/]*';
        }
        return part.includes('?') ? `[^/]{${part.length}}` : part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
      });
}
