/*
 * sourceLabels and sourceNamespace where they do not do what they say.
 *
 * Beside `match.gateways`, Istio does not look at them at all: the match is wider than it reads. On a gateway they are compared
 * with the gateway's own pods, not with the client's: certain to fail where the Gateway's selector gives the label another
 * value, and otherwise a warning, since the pods may carry more labels than the selector names.
 */

import type { StringMap } from '../../manifests/node';
import type { HttpMatch } from '../../model/http-route';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import type { VirtualService } from '../../model/virtual-service';
import { selects } from '../../model/workload';
import { labelsOf, listOf } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { writtenMatchesOf } from '../shared/written-matches';

export const sourceMatchIgnored: Check = {
  id: 'source-match-ignored',
  title: 'Istio ignores a match on the source',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const { virtualService, match } of writtenMatchesOf(mesh)) {
      if (match.gateways.length > 0) {
        reportIgnored(match, report);
      } else if (match.sourceLabels.size > 0 && virtualService.hosts.length > 0) {
        examineLabels(mesh, virtualService, match, report);
      }
    }
  },
};

function reportIgnored(match: HttpMatch, report: Report): void {
  const ignored = [
    ...(match.sourceLabels.size > 0 ? ['sourceLabels'] : []),
    ...(match.sourceNamespace !== '' ? ['sourceNamespace'] : []),
  ];
  if (ignored.length > 0) {
    report({
      object: match.object,
      path: `${match.path}.${ignored[0]}`,
      message: `Istio ignores ${listOf(ignored)} here, because the match also has gateways: on ${listOf(match.gateways, 'or')} the match holds for every source.`,
      help: `Make two matches of it: one with gateways, for the gateway, and one with ${listOf(ignored)} and without gateways, for the mesh.`,
    });
  }
}

function examineLabels(mesh: MeshModel, { boundTo }: VirtualService, match: HttpMatch, report: Report): void {
  const selectors = boundTo.map((ref) => mesh.gateway(ref)?.selector);
  if (
    boundTo.includes(MESH_GATEWAY) ||
    selectors.some((selector) => selector !== undefined && selects(match.sourceLabels, selector))
  ) {
    return;
  }
  const impossible = selectors.every((selector) => selector !== undefined && contradict(selector, match.sourceLabels));
  const carried = mesh.workloads.some(
    ({ podLabels }) =>
      selects(match.sourceLabels, podLabels) &&
      selectors.some((selector) => selector === undefined || selects(selector, podLabels)),
  );
  if (carried) {
    return;
  }
  const labels = labelsOf(match.sourceLabels);
  report({
    object: match.object,
    path: `${match.path}.sourceLabels`,
    severity: impossible ? Severity.ERROR : Severity.WARNING,
    message: `On a gateway, sourceLabels are compared with the labels of the gateway's own pods, not of the client, and the VirtualService is bound to ${listOf(boundTo)} only. ${
      impossible
        ? `Those pods have another value, so no request ever fulfils ${labels}.`
        : `Unless those pods carry ${labels} themselves, the rule never applies.`
    }`,
    help: `Tell clients apart by something that they send, such as a header. For calls from inside the mesh, add 'mesh' to spec.gateways.`,
  });
}

function contradict(one: StringMap, other: StringMap): boolean {
  return [...other].some(([key, value]) => (one.get(key) ?? value) !== value);
}
