import { ALL_CHECKS } from '../checks/all-checks';
import type { Check } from '../checks/check';
import { suggestion } from '../syntax/wording';
import { pageOf } from './check-page';
import { type Command, table } from './command';
import { ExitCode, UsageError } from './io';

export const explainCommand: Command = {
  name: 'explain',
  usage: '[ID]',
  summary: 'explains a finding, with a wrong and a right manifest',
  description: `Prints the page of a check, in Markdown. ID is the id of the check, or an id under which istioctl analyze or Kiali
report the same; without ID, it lists the checks.

Exit status: 0 the page was printed, 2 there is no such check.`,
  flags: [],
  examples: [
    'versioned-mesh explain subset-not-found',
    'versioned-mesh explain IST0101',
    'versioned-mesh explain | grep -i gateway',
  ],
  async run({ positionals: [id, ...others] }, io) {
    if (others.length > 0) {
      throw new UsageError(`One check is explained at a time; run the command again for '${others[0]}'`);
    }
    const checks = id === undefined ? ALL_CHECKS : checksCalled(id);
    io.out(checks.length === 1 ? pageOf(checks[0].id) : listed(checks));
    return ExitCode.GOOD;
  },
};

function checksCalled(id: string): readonly Check[] {
  const found = ALL_CHECKS.filter((check) => [check.id, ...check.istio, ...check.kiali].includes(id));
  if (found.length === 0) {
    const known = ALL_CHECKS.map((check) => check.id);
    const help = suggestion(id, known) || "; 'versioned-mesh explain' lists them";
    throw new UsageError(`There is no check ${JSON.stringify(id)}${help}`);
  }
  return found;
}

function listed(checks: readonly Check[]): string {
  const rows = [...checks].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, title }) => [id, title] as const);
  return `${table(rows)
    .map((row) => row.trimStart())
    .join('\n')}\n`;
}
