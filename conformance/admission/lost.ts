/*
 * What the API server has not kept of a manifest.
 */

import { amountOf, isQuantity } from '../../test/support/valid/units';
import { isIstio, type Manifest } from '../manifest';

/** Paths of what was sent and did not come back, or came back as something else. Defaults that were added are no loss. */
export function lost(sent: Manifest, back: Manifest | undefined): readonly string[] {
  return back === undefined ? ['the whole is gone'] : lostIn(sent, back, '', isIstio(sent) ? isNever : isZero);
}

/** @param meansAbsent whether a value says the same as its absence */
function lostIn(
  sent: unknown,
  back: unknown,
  path: string,
  meansAbsent: (value: unknown) => boolean,
): readonly string[] {
  if (sent === undefined || isSame(sent, back, path) || (back === undefined && meansAbsent(sent))) {
    return [];
  }
  if (Array.isArray(sent) && Array.isArray(back)) {
    const inside = sent.flatMap((each, index) => lostIn(each, back[index], `${path}[${index}]`, meansAbsent));
    return sent.length === back.length ? inside : [...inside, `${path} has ${back.length} items, not ${sent.length}`];
  }
  if (isMap(sent) && isMap(back)) {
    return Object.entries(sent).flatMap(([key, each]) =>
      lostIn(each, back[key], path === '' ? key : `${path}.${key}`, meansAbsent),
    );
  }
  return [`${path} was ${JSON.stringify(sent)} and is ${back === undefined ? 'gone' : JSON.stringify(back)}`];
}

/** Kubernetes' own kinds are Go structs, whose fields are left out when they are zero. Of custom resources, all is kept. */
function isZero(value: unknown): boolean {
  return value === 0 || value === false || value === '' || (Array.isArray(value) && value.length === 0);
}

const isNever = () => false;

/** Kubernetes writes amounts in its own way: `1000m` as `1`, `1024Mi` as `1Gi`. */
const AMOUNT = /\.(limits|requests)\.[^.]+$|\.sizeLimit$/;

function isSame(sent: unknown, back: unknown, path: string): boolean {
  if (sent === back) {
    return true;
  }
  return AMOUNT.test(path) && isAmount(sent) && isAmount(back) && amountOf(sent) === amountOf(back);
}

function isAmount(value: unknown): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && isQuantity(value));
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
