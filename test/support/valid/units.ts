/*
 * Amounts as Kubernetes and Go write them.
 */

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d+))?$/;
const DECIMAL: { [suffix: string]: number } = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: { [suffix: string]: number } = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** Whether `text` is an amount of a resource: `100m`, `64Mi`, `1.5`, `2e3`. */
export function isQuantity(text: string): boolean {
  return QUANTITY.test(text);
}

/** The amount that a valid quantity stands for. */
export function amountOf(quantity: string | number): number {
  const [, digits, suffix, exponent] = QUANTITY.exec(String(quantity)) ?? [];
  // As one literal, since 4100 * 1e-3 is not 4.1.
  return Number(`${digits}e${exponent ?? DECIMAL[suffix] ?? 0}`) * 2 ** (BINARY[suffix] ?? 0);
}

const DURATION = /^(\d+(\.\d+)?(h|m|s|ms|us|ns))+$/;
const MILLISECONDS: { [unit: string]: number } = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, ns: 1e-6 };

/** Whether `text` is a duration as Go writes it, `1m30s`, that Istio does not take for none. */
export function isAtLeastAMillisecond(text: string): boolean {
  const parts = [...text.matchAll(/([\d.]+)([a-z]+)/g)];
  return (
    DURATION.test(text) && parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * MILLISECONDS[unit], 0) >= 1
  );
}
