import type { Construct } from 'constructs';
import { refuse } from '../objects/refuse';
import type { ReleaseSource } from './release';

/** The repository that a controller in the cluster fetches a chart from; throws where the charts are files. */
export function repositoryOf(
  part: Construct,
  { charts }: ReleaseSource,
  controller: string,
): { readonly url: string; readonly version: string } {
  const source = charts._source();
  return 'url' in source
    ? source
    : refuse(
        part,
        `charts are those of a folder, and ${controller} fetches charts itself, from within the cluster, where it cannot read that; write IstioCharts.oci('1.31.0'), or IstioCharts.repository for a mirror.`,
      );
}
