/*
 * exportTo of a VirtualService, DestinationRule or ServiceEntry (`validateExportTo`), which is about the object's own namespace, too.
 */

import type { Node } from '../../manifests/node';
import type { MeshObject } from '../../manifests/object';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { scalarText } from '../../syntax/scalar-text';
import { NOTHING, type Refusal, refuse, refuseFor } from './refusal';

export function exportTo({ kind, node, namespace }: MeshObject): readonly Refusal[] {
  const spec = node.get('spec');
  const items = spec.get('exportTo').items();
  // '.' and the name of the object's own namespace are the same.
  const names = items.map(({ value }) => (value === '.' ? namespace : value));
  const single = items.flatMap((item, index) => {
    if (item.value === '~' && kind !== 'ServiceEntry') {
      return refuse(
        item,
        "exportTo '~' means nobody, which only a Service or a ServiceEntry can use",
        "Write '.' for the object's own namespace.",
      );
    }
    return names.indexOf(names[index]) < index
      ? refuse(item, `exportTo names ${scalarText(item.value)} twice`, 'Take one out.')
      : one(item, items);
  });
  const forSomePods = kind === 'DestinationRule' && spec.get('workloadSelector').present;
  return single.length === 0 && forSomePods && names.some((name) => name !== namespace)
    ? refuse(
        spec.get('exportTo'),
        'A DestinationRule with a workloadSelector is for pods of its own namespace, and cannot be exported to others',
        "Write 'exportTo: [.]', or take it out.",
      )
    : single;
}

/** What stands for namespaces, and has to stand alone. */
const STANDS_FOR: ReadonlyMap<unknown, string> = new Map([
  ['*', 'all namespaces'],
  ['~', 'nobody'],
]);

function one(item: Node, items: readonly Node[]): readonly Refusal[] {
  const { value } = item;
  const meaning = STANDS_FOR.get(value);
  if (meaning !== undefined && items.length > 1) {
    return refuse(
      item,
      `exportTo lists '${scalarText(value)}', which means ${meaning}, beside others`,
      `Write '${scalarText(value)}' alone, or take it out.`,
    );
  }
  const isName = typeof value === 'string' && value !== '.' && meaning === undefined;
  const complaint = isName ? complaintAboutDnsLabel(value.toLowerCase()) : undefined;
  return complaint === undefined
    ? NOTHING
    : refuseFor(
        item,
        `exportTo names the namespace '${scalarText(value)}', which`,
        complaint,
        "Write '.', '*' or a name.",
      );
}
