/*
 * What the policies of a service carry: its own labels and annotations, and those of every mesh that routes it.
 */
import type { Construct } from 'constructs';
import type { MetadataOptions } from '../objects/object-options';
import { refuse, show } from '../objects/refuse';
import type { VersionedService } from '../workload/versioned-service';

interface Texts {
  readonly [key: string]: string;
}

type Both = Required<MetadataOptions>;

export class PolicyMetadata {
  private ofMeshes: Both = { labels: {}, annotations: {} };

  public constructor(private readonly service: VersionedService) {}

  /** All of it. The service's own come first. */
  public get all(): Both {
    const { labels, annotations } = this.service._metadata();
    return {
      labels: { ...this.ofMeshes.labels, ...labels },
      annotations: { ...this.ofMeshes.annotations, ...annotations },
    };
  }

  /** Adds those of a mesh. Throws where another mesh has said otherwise, and then adds none. */
  public add(mesh: Construct, { labels, annotations }: MetadataOptions): void {
    this.ofMeshes = {
      labels: this.joined(mesh, 'labels', labels),
      annotations: this.joined(mesh, 'annotations', annotations),
    };
  }

  private joined(mesh: Construct, what: keyof MetadataOptions, said: Texts = {}): Texts {
    const { name } = this.service;
    const own = this.service._metadata()[what] ?? {};
    const known = this.ofMeshes[what];
    for (const [key, value] of Object.entries(said)) {
      if (own[key] === undefined && known[key] !== undefined && known[key] !== value) {
        refuse(
          mesh,
          `${what}: '${key}' is ${show(value)}, and ${show(known[key])} in the mesh that routes service '${name}' already, whose policies are for both; write the same in both, or set it on the service, whose ${what} come first.`,
        );
      }
    }
    return { ...known, ...said };
  }
}
