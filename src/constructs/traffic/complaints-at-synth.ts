/*
 * What is wrong with the routes of a mesh that can be said only when all of them are known.
 */
import type { Route } from './route';
import type { RouteTable } from './route-table';

export function complaintsAbout(tables: readonly RouteTable[]): string[] {
  return tables.flatMap(preflights);
}

/** A preflight carries none of the headers that rules ask for. */
function preflights({ rules, defaultRoute }: RouteTable): string[] {
  if (corsPolicyOf(defaultRoute) !== undefined) {
    return [];
  }
  return rules
    .filter((route) => corsPolicyOf(route) !== undefined)
    .slice(0, 1)
    .map(
      (route) =>
        `${route._title()} has a corsPolicy, and its default route has none. Preflights carry no header to match, so they take the default route, and browsers would get no permission: give that the same corsPolicy.`,
    );
}

function corsPolicyOf(route: Route): unknown {
  const { action } = route._rule();
  return action.kind === 'forward' ? action.options.corsPolicy : undefined;
}
