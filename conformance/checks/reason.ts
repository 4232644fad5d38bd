/*
 * Why something that only istioctl says is none of what the checks say.
 */
import type { Context } from './message-context';

/** What a message is worth that only istioctl has. */
export interface OnlyTheirs {
  readonly kind: 'said elsewhere' | 'out of scope' | 'false alarm';
  readonly why: string;
}

export interface Reason extends OnlyTheirs {
  readonly codes: readonly string[];
  readonly holds: (context: Context) => boolean;
}
