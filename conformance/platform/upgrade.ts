/*
 * From one revision of istiod to the next, side by side; and what must not be deleted by mistake.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { IstioCharts, Istiod, IstioPlatform } from 'cdk8s-versioned-mesh';
import { namespaceOf } from '../cluster';
import { components } from '../components';
import { APPLY, installPlatform, platformYaml } from '../kubernetes/platform';
import { until } from '../program';
import { documentsOf } from './install';
import { revisionOf } from './platform-cluster';
import { holds, inTurn, refused, type Statement, succeeded } from './statement';

const OLD = '1-31';
const NEW = '1-32';

export const UPGRADE: readonly Statement[] = [
  {
    says: 'a platform with a revision is there; namespaces have its sidecars by istio.io/rev, and by istio-injection since it is the default',
    prove: async (cluster) => {
      await installPlatform(cluster.server, cluster.node, platformYaml({ revision: OLD }));
      await cluster.meshNamespace('named', { revision: OLD });
      await cluster.meshNamespace('labelled');
      const named = await cluster.revisionOfNewPod('named', 'first');
      const labelled = await cluster.revisionOfNewPod('labelled', 'first');
      return holds(named === OLD && labelled === OLD, `named: ${named}, labelled: ${labelled}`);
    },
  },
  {
    says: 'and by the tag `default`, where a namespace names that',
    prove: async (cluster) => {
      await cluster.meshNamespace('tagged', { revision: 'default' });
      const tagged = await cluster.revisionOfNewPod('tagged', 'first');
      return holds(tagged === OLD, `tagged: ${tagged}`);
    },
  },
  {
    says: 'the next revision beside it, as the page about upgrades has it, is applied without a conflict and becomes available; the gateway stays with the default',
    prove: async (cluster) => {
      const applied = succeeded(await cluster.apply(bothYaml()), '');
      await cluster.node.settle('istio-system');
      await cluster.node.settle('istio-ingress');
      const wait = ['wait', '--for=condition=Available', '--timeout=60s', '--namespace', 'istio-system'];
      return inTurn(
        async () => applied,
        async () => succeeded(await cluster.kubectl.run([...wait, 'deployment', '--selector', 'app=istiod'])),
        async () => {
          const pods = await cluster.kubectl.list(['pods']);
          const revisions = pods.filter((pod) => namespaceOf(pod) === 'istio-ingress').map(revisionOf);
          return holds(revisions.length > 0 && revisions.every((each) => each === OLD), `gateway: ${revisions}`);
        },
      );
    },
  },
  {
    says: 'a namespace moves: the pods made from then on have the new sidecar, those of other namespaces the old one',
    prove: async (cluster) => {
      await cluster.meshNamespace('named', { revision: NEW });
      // The istiod of the new revision has written into its webhook who it is by then, or the pod is refused and made again.
      await until('the new istiod injects', async () => (await cluster.createPod('named', 'moving')).code === 0);
      const named = await cluster.revisionOfNewPod('named', 'second');
      const labelled = await cluster.revisionOfNewPod('labelled', 'second');
      return holds(named === NEW && labelled === OLD, `named: ${named}, labelled: ${labelled}`);
    },
  },
  {
    says: 'the platform of the new revision is applied over the old one without a conflict, and is the default from then on',
    prove: async (cluster) => {
      const applied = succeeded(await cluster.apply(platformYaml({ revision: NEW })), '');
      let labelled: string | undefined;
      let tries = 0;
      await until('the default moves', async () => {
        const pod = await cluster.createPod('labelled', `default-${tries++}`);
        labelled = pod.code === 0 ? await cluster.revisionOfNewPod('labelled', `moved-${tries}`) : undefined;
        return labelled === NEW;
      });
      return inTurn(
        async () => applied,
        async () => holds(labelled === NEW, `labelled: ${labelled}`),
      );
    },
  },
  {
    says: 'by the commands of that page nothing is left of the old revision, and pods are injected as before',
    prove: async (cluster) => {
      const page = readFileSync(join(__dirname, '../../docs/platform.md'), 'utf8');
      const commands = [...page.matchAll(/^\$ kubectl (delete .* -l release=istiod-1-31)$/gm)].map(([, line]) => line);
      const kinds = [
        ...new Set(commands.flatMap((command) => command.split(' ')[command.includes(' -n ') ? 3 : 1].split(','))),
      ];
      const deleted = await inTurn(
        ...commands.map((command) => async () => succeeded(await cluster.kubectl.run(command.split(' ')), '')),
      );
      const left = (await cluster.kubectl.list(kinds)).filter(({ metadata }) => metadata.name.includes(OLD));
      const names = left.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      const labelled = await cluster.revisionOfNewPod('labelled', 'after');
      return inTurn(
        async () => deleted,
        async () =>
          holds(
            commands.length === 2 && left.length === 0 && labelled === NEW,
            `left: ${names}, labelled: ${labelled}`,
          ),
      );
    },
  },
];

export const DELETION: readonly Statement[] = [
  {
    says: "who deletes one of Istio's kinds is refused, and told what would be lost and what to do all the same",
    prove: async ({ kubectl }) => refused(await kubectl.run(DELETE), KEPT),
  },
  {
    says: 'once the binding is deleted, as that says, it goes',
    prove: async ({ kubectl }) => {
      const [, advice = ''] =
        /(delete validatingadmissionpolicybinding \S+)/.exec((await kubectl.run(DELETE)).stderr) ?? [];
      await kubectl.output(advice.split(' '));
      let deleted = await kubectl.run(DELETE);
      await until('the API server heeds that', async () => {
        deleted = deleted.code === 0 ? deleted : await kubectl.run(DELETE);
        return deleted.code === 0;
      });
      return succeeded(deleted);
    },
  },
  {
    says: "who deletes all that is in the platform's file keeps Istio's kinds all the same",
    prove: async ({ kubectl }) => {
      const yaml = platformYaml({ revision: NEW });
      await kubectl.output(APPLY, yaml);
      await until('the policy is heeded again', async () => KEPT.test((await kubectl.run([...DELETE, DRY])).stderr));
      const { stderr } = await kubectl.run(['delete', '--wait=false', '-f', '-'], yaml);
      const kept = stderr.split('\n').filter((line) => KEPT.test(line)).length;
      const kinds = documentsOf(yaml).filter(({ kind }) => kind === 'CustomResourceDefinition').length;
      const left = (await kubectl.list(['crd'])).filter(({ metadata }) => !('deletionTimestamp' in metadata)).length;
      return holds(
        kept === kinds && left === kinds,
        `${kept} of ${kinds} deletions were refused, ${left} kinds are left`,
      );
    },
  },
];

const DELETE = ['delete', 'crd', 'virtualservices.networking.istio.io'];
const DRY = '--dry-run=server';
const KEPT = /ValidatingAdmissionPolicy '\S+' with binding '\S+' denied request/;

function bothYaml(): string {
  const { helm, charts: folder } = components('helm', 'charts');
  const common = { charts: IstioCharts.directory(folder), helm, hub: 'registry.istio.io/release', tag: '1.31.0' };
  const app = new App();
  const istio = new IstioPlatform(app, 'istio', { ...common, revision: NEW, defaultRevision: OLD });
  new Istiod(istio, 'older', { ...common, revision: OLD, revisionTags: ['default'] });
  return app.synthYaml();
}
