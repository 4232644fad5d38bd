/*
 * Values that an AuthorizationPolicy compares with (`pkg/config/security`).
 */

import type { Node } from '../../manifests/node';
import { scalarText } from '../../syntax/scalar-text';
import { isAddressOrRange } from './address-rules';
import { NOTHING, type Refusal, refuse } from './refusal';

/** Why a value is refused, as the end of a sentence. */
type Complain = (value: string) => string | undefined;

/** The values of a list, of which none may be empty. */
export function values(list: Node, complain: Complain = () => undefined): readonly Refusal[] {
  return list.items().flatMap((node) => {
    const { value } = node;
    const complaint = typeof value !== 'string' ? undefined : value === '' ? 'is empty' : complain(value);
    return complaint === undefined
      ? NOTHING
      : refuse(node, `The value '${scalarText(value)}' ${complaint}`, 'Write another value, or take it out.');
  });
}

/** `ValidateIPs`. */
export const address: Complain = (value) =>
  isAddressOrRange(value) ? undefined : 'is neither an IP address nor a range such as 10.0.0.0/8';

/** `ValidatePorts`. */
export const portNumber: Complain = (value) =>
  /^\d+$/.test(value) && Number(value) <= 65535 ? undefined : 'is not a port from 0 to 65535';

/** `CheckServiceAccount`. */
export const serviceAccount: Complain = (value) =>
  value.length <= 320 && !value.includes('*') && /^[^/]+(\/[^/]+)?$/.test(value)
    ? undefined
    : 'is neither a service account nor namespace/serviceaccount, without wildcards';

/** `CheckWildcardValues`. */
export const withWildcard: Complain = (value) =>
  /^\*?[^*]*$/.test(value) || /^[^*]*\*$/.test(value) ? undefined : "may have one '*', in front or at the end";

/** `CheckTrustDomainValues`. */
export const trustDomain: Complain = (value) =>
  value.includes('/') ? "is no trust domain, which has no '/'" : withWildcard(value);

const LITERAL = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

/** `CheckValidPathTemplate`. */
export const path: Complain = (value) => {
  const hasTemplate = value.includes('{*}') || value.includes('{**}');
  const parts = value.replace(/^\/+|\/+$/g, '').split('/');
  const rest = parts.indexOf('{**}');
  const isTemplate = (part: string) => part === '{*}' || part === '{**}';
  if (rest >= 0 && parts.slice(rest + 1).some(isTemplate)) {
    return 'has a {*} or {**} behind {**}, which must be the last';
  }
  const others = parts.filter((part) => !isTemplate(part));
  if (others.some((part) => /[{}]/.test(part))) {
    return 'has a brace that belongs to no {*} or {**} between slashes';
  }
  return hasTemplate && others.some((part) => !LITERAL.test(part))
    ? 'has a part beside {*} or {**} that no path has'
    : undefined;
};
