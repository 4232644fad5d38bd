/*
 * Values that an AuthorizationPolicy compares with (`pkg/config/security`).
 */
import { isAddressOrRange } from './address-rules';
import { at, type Rule, refuseText } from './refusal';

/** Why a value is refused, as the end of a sentence. */
export type Complain = (value: string) => string | undefined;

/** The values of the lists called `fields`, of which none may be empty. */
export function values(fields: readonly string[], complain: Complain = () => undefined): readonly Rule[] {
  const complaintAbout: Complain = (value) => (value === '' ? 'is empty' : complain(value));
  const rule = refuseText(complaintAbout, "The value '{}'", 'Write another value, or take it out.');
  return fields.map((field) => at(`${field}[]`, rule));
}

/** `ValidateIPs`. */
export const address: Complain = (value) =>
  isAddressOrRange(value) ? undefined : 'is not an IP address or a range such as 10.0.0.0/8';

/** `ValidatePorts`. */
export const portNumber: Complain = (value) =>
  /^\d+$/.test(value) && Number(value) <= 65535 ? undefined : 'is not a port from 0 to 65535';

/** `CheckServiceAccount`. */
export const serviceAccount: Complain = (value) =>
  value.length <= 320 && !value.includes('*') && /^[^/]+(\/[^/]+)?$/.test(value)
    ? undefined
    : 'is not a service account, or namespace/serviceaccount, without wildcards';

/** `CheckWildcardValues`. */
export const withWildcard: Complain = (value) =>
  /^\*?[^*]*$/.test(value) || /^[^*]*\*$/.test(value)
    ? undefined
    : "may have only one '*', at the beginning or the end";

/** `CheckTrustDomainValues`. */
export const trustDomain: Complain = (value) =>
  value.includes('/') ? "is not a trust domain, which has no '/'" : withWildcard(value);

const LITERAL = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

/** `CheckValidPathTemplate`. */
export const path: Complain = (value) => {
  const hasTemplate = value.includes('{*}') || value.includes('{**}');
  const parts = value.replace(/^\/+|\/+$/g, '').split('/');
  const rest = parts.indexOf('{**}');
  const isTemplate = (part: string) => part === '{*}' || part === '{**}';
  if (rest >= 0 && parts.slice(rest + 1).some(isTemplate)) {
    return 'has a {*} or {**} after {**}, which must be the last';
  }
  const others = parts.filter((part) => !isTemplate(part));
  if (others.some((part) => /[{}]/.test(part))) {
    return 'has a brace that does not belong to a {*} or {**} between slashes';
  }
  return hasTemplate && others.some((part) => !LITERAL.test(part))
    ? 'has a part beside {*} or {**} that cannot be in a path'
    : undefined;
};
