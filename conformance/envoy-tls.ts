/*
 * Certificates, written into Envoy's configuration in place of the secrets that a proxy would fetch from Istio.
 */
import type { Certificate } from './certificate';
import type { EnvoyJson } from './control-plane';

/** A `CommonTlsContext` that needs nothing from elsewhere. */
export function withCertificate(context: EnvoyJson, { certificate, key, authority }: Certificate): EnvoyJson {
  const { tlsCertificateSdsSecretConfigs, combinedValidationContext, validationContextSdsSecretConfig, ...rest } =
    context;
  const hasCertificate = tlsCertificateSdsSecretConfigs !== undefined;
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
