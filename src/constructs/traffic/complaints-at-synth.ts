/*
 * What is wrong with the routes of a mesh that can be said only when all of them are known.
 */
import { complaintsAboutPreflights } from './preflights';
import type { RouteTable } from './route-table';
import { sharesOf } from './shares';

export function complaintsAbout(tables: readonly RouteTable[]): string[] {
  return tables.flatMap((table) => [...complaintsAboutPreflights(table), ...versionsWithoutPods(table)]);
}

function versionsWithoutPods({ rules, defaultRoute }: RouteTable): string[] {
  return [...rules, defaultRoute].flatMap((route) => {
    const { action } = route._rule();
    const shares = action.kind === 'forward' ? sharesOf(action.version, action.options.split) : [];
    return shares
      .filter(({ thousandths, version }) => thousandths > 0 && version._hasNoPods())
      .map(
        ({ version: { version } }) =>
          `${route._title()} sends requests to version '${version}', which has replicas: 0, so nobody would answer. Give it pods, or no share.`,
      );
  });
}
