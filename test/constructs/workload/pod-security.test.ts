/*
 * The Pod Security Standard "restricted", rule by rule, and what goes beyond it.
 */
import { Capability } from 'cdk8s-plus-27';
import { FlaskLikeApp, type FlaskLikeAppProps, RunAs } from 'cdk8s-versioned-mesh';
import { containerIn, type Manifest, manifestsOf, podIn } from '../../support/synth';
import { expectValid } from '../../support/valid';

const NOT_EPHEMERAL = ['hostPath', 'nfs', 'iscsi', 'gcePersistentDisk', 'awsElasticBlockStore', 'glusterfs', 'rbd'];

describe('the Pod Security Standard "restricted"', () => {
  const manifests = app();
  const pod = podIn(manifests);
  const container = containerIn(manifests);

  test('all containers are in sight', () => {
    expect(pod.containers).toHaveLength(1);
    expect(pod.initContainers).toBeUndefined();
    expect(pod.ephemeralContainers).toBeUndefined();
  });

  test('no host namespaces', () => {
    expect(pod.hostNetwork ?? false).toBe(false);
    expect(pod.hostPid ?? false).toBe(false);
    expect(pod.hostIpc ?? false).toBe(false);
  });

  test('no port of the host', () => {
    expect(container.ports?.map(({ hostPort }) => hostPort ?? 0)).toEqual([0]);
  });

  test('not privileged, and no way to become so', () => {
    expect(container.securityContext).toMatchObject({ privileged: false, allowPrivilegeEscalation: false });
  });

  test('all capabilities dropped, none added', () => {
    expect(container.securityContext?.capabilities).toEqual({ drop: ['ALL'] });
  });

  test('not root, in pod and container', () => {
    expect(pod.securityContext?.runAsNonRoot).toBe(true);
    expect(container.securityContext?.runAsNonRoot).toBe(true);
    expect(pod.securityContext?.runAsUser).toBeUndefined();
    expect(container.securityContext?.runAsUser).toBeUndefined();
  });

  test("the runtime's own seccomp profile", () => {
    expect(pod.securityContext).toMatchObject({ seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).not.toHaveProperty('seccompProfile');
  });

  test('no AppArmor or SELinux of its own, no sysctls, no host process', () => {
    expect(pod.securityContext).not.toHaveProperty('seLinuxOptions');
    expect(pod.securityContext).not.toHaveProperty('sysctls');
    expect(pod.securityContext).not.toHaveProperty('windowsOptions');
    expect(container.securityContext).not.toHaveProperty('procMount');
  });

  test('only volumes that live and die with the pod', () => {
    expect(pod.volumes).toEqual([{ name: 'writable-0', emptyDir: {} }]);
    for (const kind of NOT_EPHEMERAL) {
      expect(pod.volumes?.[0]).not.toHaveProperty(kind);
    }
  });
});

describe('containers that are added later', () => {
  const added = { image: 'proxy:1', name: 'added' };

  test.each(['addContainer', 'addInitContainer'] as const)('by %s keep to the standard', (add) => {
    const manifests = manifestsOf((chart) =>
      new FlaskLikeApp(chart, 'apis', { image: 'apis:1' }).deployment[add](added),
    );
    expectValid(manifests);
    const { containers, initContainers = [] } = podIn(manifests);
    const all = [...containers, ...initContainers];
    expect(all.map(({ name }) => name)).toEqual(['app', 'added']);
    for (const { securityContext } of all) {
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        privileged: false,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  test('keep what else they ask for, and the capabilities that they name', () => {
    const manifests = manifestsOf((chart) => {
      const { deployment } = new FlaskLikeApp(chart, 'apis', { image: 'apis:1' });
      deployment.addContainer({ ...added, securityContext: { user: 7 } });
      deployment.addInitContainer({ ...added, securityContext: { capabilities: { add: [Capability.NET_ADMIN] } } });
    });
    const { containers, initContainers = [] } = podIn(manifests);
    expect(containers[1].securityContext).toMatchObject({ runAsUser: 7, capabilities: { drop: ['ALL'] } });
    expect(initContainers[0].securityContext?.capabilities).toEqual({ add: [Capability.NET_ADMIN] });
  });
});

describe('beyond the standard', () => {
  test('the root filesystem is read-only, and /tmp is writable', () => {
    expect(containerIn(app()).securityContext?.readOnlyRootFilesystem).toBe(true);
    expect(containerIn(app()).volumeMounts).toEqual([{ mountPath: '/tmp', name: 'writable-0' }]);
  });

  test('writable paths are those that were asked for, /tmp no longer among them', () => {
    const manifests = app({ writablePaths: ['/var/cache/apis', '/run/apis'] });
    expect(containerIn(manifests).volumeMounts?.map(({ mountPath }) => mountPath)).toEqual([
      '/var/cache/apis',
      '/run/apis',
    ]);
    expectValid(manifests);
    expect(podIn(app({ writablePaths: [] })).volumes ?? []).toEqual([]);
  });

  test('no token of the service account, and no variables for every Service around', () => {
    expect(podIn(app())).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
  });
});

describe('the user', () => {
  test('of the image, by default', () => {
    expect(podIn(app({ runAs: RunAs.imageUser() }))).toEqual(podIn(app()));
  });

  test('by number, with the group of the same number or another', () => {
    expect(podIn(app({ runAs: RunAs.user(10001) })).securityContext).toMatchObject({
      runAsUser: 10001,
      runAsGroup: 10001,
      runAsNonRoot: true,
    });
    expect(podIn(app({ runAs: RunAs.user(10001, 20) })).securityContext).toMatchObject({
      runAsUser: 10001,
      runAsGroup: 20,
    });
  });

  test('root, which gives up that rule and no other', () => {
    const manifests = app({ runAs: RunAs.root() });
    expectValid(manifests);
    expect(podIn(manifests).securityContext).toMatchObject({ runAsUser: 0, runAsNonRoot: false });
    expect(containerIn(manifests).securityContext).toMatchObject({
      runAsNonRoot: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });
});

function app(props: Partial<FlaskLikeAppProps> = {}): Manifest[] {
  return manifestsOf((chart) => new FlaskLikeApp(chart, 'apis', { image: 'apis:1', ...props }));
}
