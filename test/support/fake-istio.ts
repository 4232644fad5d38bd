/*
 * Parts of Istio's platform without their objects, which take the charts and helm to make.
 */
import { ApiObject } from 'cdk8s';
import { DataPlaneMode, type IstiodProps } from 'cdk8s-versioned-mesh';
import { Construct } from 'constructs';
import { announceIstiod } from '../../src/constructs/platform/installed-istio';
import { comeFirst } from '../../src/constructs/platform/platform-first';

/** One object in namespace istio-system. */
export class FakeIstiod extends Construct {
  public readonly revision?: string;
  public readonly revisionTags: string[];
  public readonly dataPlane: DataPlaneMode;
  public readonly cni: boolean;

  constructor(scope: Construct, id: string, props: Omit<IstiodProps, 'charts'> = {}) {
    super(scope, id);
    this.revision = props.revision;
    this.revisionTags = props.revisionTags ?? [];
    this.dataPlane = props.dataPlane ?? DataPlaneMode.SIDECAR;
    this.cni = props.cni ?? this.dataPlane === DataPlaneMode.AMBIENT;
    const metadata = { name: `istiod-${props.revision ?? ''}`, namespace: 'istio-system' };
    new ApiObject(this, 'ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    announceIstiod(this);
  }
}

/** One kind. */
export class FakeIstioBase extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const metadata = { name: 'virtualservices.networking.istio.io' };
    new ApiObject(this, 'Kind', { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata });
    comeFirst(this);
  }
}
