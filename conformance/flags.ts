/** Whether Envoy's response flags have one among them; a delay that was injected has its own, so there may be several. */
export function hasFlag(flags: string | undefined, flag: string): boolean {
  return flags?.split(',').includes(flag) ?? false;
}
