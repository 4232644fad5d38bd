/*
 * Colours.
 */

/** Gives text a colour, or leaves it as it is. */
export type Paint = (color: Color, text: string) => string;

export type Color = 'red' | 'yellow' | 'green' | 'blue' | 'bold' | 'dim';

const CODES: Readonly<Record<Color, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
};

export const plain: Paint = (_color, text) => text;

export const colored: Paint = (color, text) => {
  const [on, off] = CODES[color];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};

/** Whether to use colours: what the environment says, else whether somebody looks at a terminal. */
export function wantsColors(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env.FORCE_COLOR !== undefined) {
    return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  }
  return isTerminal && !env.NO_COLOR && env.TERM !== 'dumb';
}
