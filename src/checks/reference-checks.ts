/*
 * The checks on references, between Gateways, VirtualServices, DestinationRules, Services, workloads and namespaces; and on
 * whether each object is one that Istio and Kubernetes accept.
 */

import { alphaAnnotation } from './alpha-annotation';
import type { Check } from './check';
import { conflictingTargetPorts } from './conflicting-target-ports';
import { deprecatedAnnotation } from './deprecated-annotation';
import { destinationNotFound } from './destination-not-found';
import { destinationPort } from './destination-port';
import { destinationRuleHostUnknown } from './destination-rule-host-unknown';
import { duplicateGatewayCertificate } from './duplicate-gateway-certificate';
import { duplicateObject } from './duplicate-object';
import { duplicateSubset } from './duplicate-subset';
import { exportTo } from './export-to';
import { externalNamePort } from './external-name-port';
import { gatewayConflict } from './gateway-conflict';
import { gatewayNotFound } from './gateway-not-found';
import { gatewayPortNotOnService } from './gateway-port-not-on-service';
import { gatewaySelectsNoWorkload } from './gateway-selects-no-workload';
import { gatewayShortHost } from './gateway-short-host';
import { hostNotInGateway } from './host-not-in-gateway';
import { httpRoutesOnTcpServer } from './http-routes-on-tcp-server';
import { httpsRedirectWithoutHttpsServer } from './https-redirect-without-https-server';
import { imageAutoWithoutInjection } from './image-auto-without-injection';
import { imagePullNever } from './image-pull-never';
import { internalGateway } from './internal-gateway';
import { invalidAnnotation } from './invalid-annotation';
import { jwtClaimWithoutAuthentication } from './jwt-claim-without-authentication';
import { meshRoutesWithoutSidecar } from './mesh-routes-without-sidecar';
import { misplacedAnnotation } from './misplaced-annotation';
import { mistypedField } from './mistyped-field';
import { namespaceNotInjected } from './namespace-not-injected';
import { noServerCertificateVerification } from './no-server-certificate-verification';
import { overlappingSelectors } from './overlapping-selectors';
import { portNameProtocol } from './port-name-protocol';
import { questionedByIstio } from './questioned-by-istio';
import { rejectedByIstio } from './rejected-by-istio';
import { removedApiVersion } from './removed-api-version';
import { runAsIstioProxyUid } from './run-as-istio-proxy-uid';
import { selectorMismatch } from './selector-mismatch';
import { serviceSelectsNothing } from './service-selects-nothing';
import { serviceTargetPort } from './service-target-port';
import { severalInjectionLabels } from './several-injection-labels';
import { subsetNotFound } from './subset-not-found';
import { subsetSelectsNothing } from './subset-selects-nothing';
import { subsetWithoutLabels } from './subset-without-labels';
import { unknownAnnotation } from './unknown-annotation';
import { unknownField } from './unknown-field';
import { workloadInSeveralServices } from './workload-in-several-services';

export const REFERENCE_CHECKS: readonly Check[] = [
  httpRoutesOnTcpServer,
  gatewayNotFound,
  hostNotInGateway,
  gatewayShortHost,
  gatewayConflict,
  gatewaySelectsNoWorkload,
  gatewayPortNotOnService,
  duplicateGatewayCertificate,
  httpsRedirectWithoutHttpsServer,
  internalGateway,
  destinationNotFound,
  destinationPort,
  subsetNotFound,
  subsetSelectsNothing,
  subsetWithoutLabels,
  duplicateSubset,
  destinationRuleHostUnknown,
  noServerCertificateVerification,
  portNameProtocol,
  serviceSelectsNothing,
  serviceTargetPort,
  workloadInSeveralServices,
  conflictingTargetPorts,
  externalNamePort,
  removedApiVersion,
  selectorMismatch,
  overlappingSelectors,
  imagePullNever,
  runAsIstioProxyUid,
  imageAutoWithoutInjection,
  namespaceNotInjected,
  severalInjectionLabels,
  meshRoutesWithoutSidecar,
  exportTo,
  jwtClaimWithoutAuthentication,
  misplacedAnnotation,
  unknownAnnotation,
  invalidAnnotation,
  deprecatedAnnotation,
  alphaAnnotation,
  rejectedByIstio,
  questionedByIstio,
  duplicateObject,
  unknownField,
  mistypedField,
];
