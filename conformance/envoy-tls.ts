/*
 * Certificates, written into Envoy's configuration in place of the secrets that a proxy would fetch from Istio.
 */
import type { Certificate } from './certificate';
import type { EnvoyJson } from './control-plane';

/** The certificates of gateways, by the Secrets that Gateways name. */
export type Certificates = ReadonlyMap<string, Certificate>;

/**
 * A `CommonTlsContext` that needs nothing from elsewhere.
 *
 * @param common the certificate where there is no other
 */
export function withCertificate(context: EnvoyJson, common: Certificate, others: Certificates = new Map()): EnvoyJson {
  const { tlsCertificateSdsSecretConfigs, combinedValidationContext, validationContextSdsSecretConfig, ...rest } =
    context;
  const hasCertificate = tlsCertificateSdsSecretConfigs !== undefined;
  const { certificate, key, authority } = others.get(secretIn(tlsCertificateSdsSecretConfigs)) ?? common;
  const validates = combinedValidationContext !== undefined || validationContextSdsSecretConfig !== undefined;
  return {
    ...rest,
    ...(hasCertificate
      ? { tlsCertificates: [{ certificateChain: { inlineString: certificate }, privateKey: { inlineString: key } }] }
      : {}),
    ...(validates
      ? { validationContext: { ...namesAllowed(combinedValidationContext), trustedCa: { inlineString: authority } } }
      : {}),
  };
}

/** What Istio says itself of the certificates of peers: which names (SAN) they may have. */
function namesAllowed(context: unknown): EnvoyJson | undefined {
  return (context as { defaultValidationContext?: EnvoyJson } | undefined)?.defaultValidationContext;
}

/** Istio calls a Secret `kubernetes://name`. */
function secretIn(configs: unknown): string {
  const [{ name }] = (Array.isArray(configs) ? configs : [{}]) as readonly { readonly name?: string }[];
  return (name ?? '').replace(/^kubernetes:\/\//, '');
}
