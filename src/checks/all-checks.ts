/*
 * Every check there is, in the order in which they run.
 */
import { alphaAnnotation } from './alpha-annotation';
import type { Check } from './check';
import { conflictingSidecars } from './conflicting-sidecars';
import { conflictingTargetPorts } from './conflicting-target-ports';
import { delegateDropped } from './delegate-dropped';
import { deprecatedAnnotation } from './deprecated-annotation';
import { destinationNotFound } from './destination-not-found';
import { destinationPort } from './destination-port';
import { destinationRuleHostUnknown } from './destination-rule-host-unknown';
import { destinationScaledToZero } from './destination-scaled-to-zero';
import { duplicateDestination } from './duplicate-destination';
import { duplicateGatewayCertificate } from './duplicate-gateway-certificate';
import { duplicateHeaderCase } from './duplicate-header-case';
import { duplicateObject } from './duplicate-object';
import { duplicateSubset } from './duplicate-subset';
import { exportTo } from './export-to';
import { externalNamePort } from './external-name-port';
import { gatewayConflict } from './gateway-conflict';
import { gatewayHostWithoutRoutes } from './gateway-host-without-routes';
import { gatewayNotFound } from './gateway-not-found';
import { gatewayPortNotOnService } from './gateway-port-not-on-service';
import { gatewaySelectsNoWorkload } from './gateway-selects-no-workload';
import { gatewayShortHost } from './gateway-short-host';
import { headerNotPassedOn } from './header-not-passed-on';
import { headerSetBeforeMatch } from './header-set-before-match';
import { hostNotInGateway } from './host-not-in-gateway';
import { httpRoutesOnTcpServer } from './http-routes-on-tcp-server';
import { httpsRedirectWithoutHttpsServer } from './https-redirect-without-https-server';
import { imageAutoWithoutInjection } from './image-auto-without-injection';
import { imagePullNever } from './image-pull-never';
import { ingressRulesNotAffected } from './ingress-rules-not-affected';
import { internalGateway } from './internal-gateway';
import { invalidAnnotation } from './invalid-annotation';
import { invalidRegex } from './invalid-regex';
import { jwtClaimWithoutAuthentication } from './jwt-claim-without-authentication';
import { matchGatewayNotListed } from './match-gateway-not-listed';
import { meshHostConflict } from './mesh-host-conflict';
import { meshRoutesWithoutSidecar } from './mesh-routes-without-sidecar';
import { misplacedAnnotation } from './misplaced-annotation';
import { mistypedField } from './mistyped-field';
import { mtlsConflict } from './mtls-conflict';
import { namespaceNotInjected } from './namespace-not-injected';
import { noDefaultRoute } from './no-default-route';
import { noServerCertificateVerification } from './no-server-certificate-verification';
import { overlappingSelectors } from './overlapping-selectors';
import { portNameProtocol } from './port-name-protocol';
import { questionedByIstio } from './questioned-by-istio';
import { regexLooksLikeSubstring } from './regex-looks-like-substring';
import { regexMatchesTooMuch } from './regex-matches-too-much';
import { rejectedByEnvoy } from './rejected-by-envoy';
import { rejectedByIstio } from './rejected-by-istio';
import { removedApiVersion } from './removed-api-version';
import { removedWhileRouted } from './removed-while-routed';
import { requestsBeforePods } from './requests-before-pods';
import { ruleNeverMatches } from './rule-never-matches';
import { runAsIstioProxyUid } from './run-as-istio-proxy-uid';
import { selectorMismatch } from './selector-mismatch';
import { separateMatchesAreOr } from './separate-matches-are-or';
import { serviceSelectsNothing } from './service-selects-nothing';
import { serviceTargetPort } from './service-target-port';
import { severalInjectionLabels } from './several-injection-labels';
import { singleDestinationWeight } from './single-destination-weight';
import { sourceMatchIgnored } from './source-match-ignored';
import { subsetNotFound } from './subset-not-found';
import { subsetSelectsNothing } from './subset-selects-nothing';
import { subsetWithoutLabels } from './subset-without-labels';
import { undefinedRuleOrder } from './undefined-rule-order';
import { unknownAnnotation } from './unknown-annotation';
import { unknownField } from './unknown-field';
import { unknownKind } from './unknown-kind';
import { unreachableRule } from './unreachable-rule';
import { versionWithoutRoute } from './version-without-route';
import { withoutHeadersSurprise } from './without-headers-surprise';
import { workloadInSeveralServices } from './workload-in-several-services';

export const ALL_CHECKS: readonly Check[] = [
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
  destinationRuleHostUnknown,
  noServerCertificateVerification,
  mtlsConflict,
  singleDestinationWeight,
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
  imagePullNever,

  // Sidecars
  runAsIstioProxyUid,
  imageAutoWithoutInjection,
  namespaceNotInjected,
  severalInjectionLabels,
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
  meshHostConflict,
  ingressRulesNotAffected,
  jwtClaimWithoutAuthentication,
  exportTo,

  // The step from the state before
  requestsBeforePods,
  removedWhileRouted,

  // Annotations
  misplacedAnnotation,
  unknownAnnotation,
  invalidAnnotation,
  deprecatedAnnotation,
  alphaAnnotation,

  // Whether Kubernetes and Istio accept the object
  unknownKind,
  removedApiVersion,
  rejectedByIstio,
  rejectedByEnvoy,
  questionedByIstio,
  duplicateObject,
  unknownField,
  mistypedField,
];
