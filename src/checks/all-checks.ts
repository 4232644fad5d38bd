/*
 * Every check there is, in the order in which they run.
 */
import { istioAnnotation } from './annotation/istio-annotation';
import type { Check } from './check';
import { credentialAtSidecar } from './destination/credential-at-sidecar';
import { destinationNotFound } from './destination/destination-not-found';
import { destinationPort } from './destination/destination-port';
import { destinationRuleHostUnknown } from './destination/destination-rule-host-unknown';
import { destinationScaledToZero } from './destination/destination-scaled-to-zero';
import { duplicateDestination } from './destination/duplicate-destination';
import { duplicateSubset } from './destination/duplicate-subset';
import { exportTo } from './destination/export-to';
import { externalNamePort } from './destination/external-name-port';
import { hashAndWeights } from './destination/hash-and-weights';
import { mtlsConflict } from './destination/mtls-conflict';
import { noServerCertificateVerification } from './destination/no-server-certificate-verification';
import { removedWhileRouted } from './destination/removed-while-routed';
import { requestsBeforePods } from './destination/requests-before-pods';
import { secondTrafficPolicy } from './destination/second-traffic-policy';
import { singleDestinationWeight } from './destination/single-destination-weight';
import { subsetNotFound } from './destination/subset-not-found';
import { subsetSelectsNothing } from './destination/subset-selects-nothing';
import { subsetWithoutLabels } from './destination/subset-without-labels';
import { versionWithoutRoute } from './destination/version-without-route';
import { duplicateGatewayCertificate } from './gateway/duplicate-gateway-certificate';
import { gatewayConflict } from './gateway/gateway-conflict';
import { gatewayHostWithoutRoutes } from './gateway/gateway-host-without-routes';
import { gatewayNotFound } from './gateway/gateway-not-found';
import { gatewayPortNotOnService } from './gateway/gateway-port-not-on-service';
import { gatewaySelectsNoWorkload } from './gateway/gateway-selects-no-workload';
import { gatewayShortHost } from './gateway/gateway-short-host';
import { hostNotInGateway } from './gateway/host-not-in-gateway';
import { httpRoutesOnTcpServer } from './gateway/http-routes-on-tcp-server';
import { httpsRedirectWithoutHttpsServer } from './gateway/https-redirect-without-https-server';
import { ingressRulesNotAffected } from './gateway/ingress-rules-not-affected';
import { internalGateway } from './gateway/internal-gateway';
import { matchGatewayNotListed } from './gateway/match-gateway-not-listed';
import { duplicateKey } from './input/duplicate-key';
import { notLookedAt } from './input/not-looked-at';
import { refusedDocument } from './input/refused-document';
import { unreadableFile } from './input/unreadable-file';
import { delegateDropped } from './rules/delegate-dropped';
import { duplicateHeaderCase } from './rules/duplicate-header-case';
import { faultBeforeRetries } from './rules/fault-before-retries';
import { headerNotPassedOn } from './rules/header-not-passed-on';
import { headerSetBeforeMatch } from './rules/header-set-before-match';
import { invalidRegex } from './rules/invalid-regex';
import { jwtClaimWithoutAuthentication } from './rules/jwt-claim-without-authentication';
import { meshHostConflict } from './rules/mesh-host-conflict';
import { meshRoutesWithoutSidecar } from './rules/mesh-routes-without-sidecar';
import { noDefaultRoute } from './rules/no-default-route';
import { regexLooksLikeSubstring } from './rules/regex-looks-like-substring';
import { regexMatchesTooMuch } from './rules/regex-matches-too-much';
import { rewriteSlash } from './rules/rewrite-slash';
import { ruleNeverMatches } from './rules/rule-never-matches';
import { separateMatchesAreOr } from './rules/separate-matches-are-or';
import { sourceMatchIgnored } from './rules/source-match-ignored';
import { undefinedRuleOrder } from './rules/undefined-rule-order';
import { unreachableRule } from './rules/unreachable-rule';
import { withoutHeadersSurprise } from './rules/without-headers-surprise';
import { duplicateObject } from './validation/duplicate-object';
import { mistypedField } from './validation/mistyped-field';
import { nullValue } from './validation/null-value';
import { questionedByIstio } from './validation/questioned-by-istio';
import { rejectedByEnvoy } from './validation/rejected-by-envoy';
import { rejectedByIstio } from './validation/rejected-by-istio';
import { removedApiVersion } from './validation/removed-api-version';
import { unknownField } from './validation/unknown-field';
import { unknownKind } from './validation/unknown-kind';
import { conflictingSidecars } from './workload/conflicting-sidecars';
import { conflictingTargetPorts } from './workload/conflicting-target-ports';
import { imageAutoWithoutInjection } from './workload/image-auto-without-injection';
import { namespaceNotInjected } from './workload/namespace-not-injected';
import { overlappingSelectors } from './workload/overlapping-selectors';
import { portNameProtocol } from './workload/port-name-protocol';
import { runAsIstioProxyUid } from './workload/run-as-istio-proxy-uid';
import { selectorMismatch } from './workload/selector-mismatch';
import { serviceSelectsNothing } from './workload/service-selects-nothing';
import { serviceTargetPort } from './workload/service-target-port';
import { severalInjectionLabels } from './workload/several-injection-labels';
import { undiscoveredNamespace } from './workload/undiscovered-namespace';
import { workloadInSeveralServices } from './workload/workload-in-several-services';

export const ALL_CHECKS: readonly Check[] = [
  unreadableFile,
  refusedDocument,
  duplicateKey,
  notLookedAt,
  // Gateways
  httpRoutesOnTcpServer,
  gatewayNotFound,
  hostNotInGateway,
  gatewayHostWithoutRoutes,
  gatewayShortHost,
  gatewayConflict,
  gatewaySelectsNoWorkload,
  gatewayPortNotOnService,
  duplicateGatewayCertificate,
  httpsRedirectWithoutHttpsServer,
  internalGateway,

  // Destinations and subsets
  destinationNotFound,
  destinationPort,
  subsetNotFound,
  subsetSelectsNothing,
  subsetWithoutLabels,
  versionWithoutRoute,
  destinationScaledToZero,
  duplicateSubset,
  secondTrafficPolicy,
  destinationRuleHostUnknown,
  noServerCertificateVerification,
  credentialAtSidecar,
  mtlsConflict,
  singleDestinationWeight,
  hashAndWeights,
  duplicateDestination,

  // Services and workloads
  portNameProtocol,
  serviceSelectsNothing,
  serviceTargetPort,
  workloadInSeveralServices,
  conflictingTargetPorts,
  externalNamePort,
  selectorMismatch,
  overlappingSelectors,

  // Sidecars
  runAsIstioProxyUid,
  imageAutoWithoutInjection,
  namespaceNotInjected,
  severalInjectionLabels,
  undiscoveredNamespace,
  meshRoutesWithoutSidecar,
  conflictingSidecars,

  // Rules: what they match, and in which order
  invalidRegex,
  ruleNeverMatches,
  unreachableRule,
  undefinedRuleOrder,
  noDefaultRoute,
  separateMatchesAreOr,
  matchGatewayNotListed,
  sourceMatchIgnored,
  delegateDropped,
  duplicateHeaderCase,
  withoutHeadersSurprise,
  headerSetBeforeMatch,
  headerNotPassedOn,
  regexLooksLikeSubstring,
  regexMatchesTooMuch,
  rewriteSlash,
  faultBeforeRetries,
  meshHostConflict,
  ingressRulesNotAffected,
  jwtClaimWithoutAuthentication,
  exportTo,

  // The step from the state before
  requestsBeforePods,
  removedWhileRouted,

  // Annotations
  istioAnnotation,

  // Whether Kubernetes and Istio accept the object
  unknownKind,
  removedApiVersion,
  rejectedByIstio,
  rejectedByEnvoy,
  questionedByIstio,
  duplicateObject,
  unknownField,
  mistypedField,
  nullValue,
];
