/*
 * Certificates, written into Envoy's configuration in place of the secrets that a proxy would fetch from Istio.
 */
import type { Certificate } from './certificate';
import type { EnvoyJson } from './control-plane';

/** A `CommonTlsContext` that needs nothing from elsewhere. */
export function withCertificate(context: EnvoyJson, { certificate, key }: Certificate): EnvoyJson {
  const { tlsCertificateSdsSecretConfigs, combinedValidationContext, validationContextSdsSecretConfig, ...rest } =
    context;
  const isServer = tlsCertificateSdsSecretConfigs !== undefined;
  const validates = combinedValidationContext !== undefined || validationContextSdsSecretConfig !== undefined;
  return {
    ...rest,
    ...(isServer
      ? { tlsCertificates: [{ certificateChain: { inlineString: certificate }, privateKey: { inlineString: key } }] }
      : {}),
    ...(validates ? { validationContext: { trustedCa: { inlineString: certificate } } } : {}),
  };
}
