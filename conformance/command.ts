/*
 * What the commands of this folder have in common: how they end.
 */

/** Why a command cannot do its work at all. */
export class CannotRun extends Error {}

/** Runs a command to its exit code: 0 where all is right, 1 where something is not, 2 where it cannot run. */
export function runCommand(main: () => Promise<number>): void {
  // So that nothing that it started outlives it: Node ends on these by itself, but then without telling 'exit'.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(130));
  }
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error instanceof CannotRun ? error.message : error);
      process.exitCode = error instanceof CannotRun ? 2 : 1;
    },
  );
}
