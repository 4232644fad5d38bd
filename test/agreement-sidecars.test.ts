/*
 * What mesh-host-conflict says of a VirtualService is so in the configuration of sidecars, and a host that a VirtualService loses there
 * is told.
 */
import * as fc from 'fast-check';
import { modelOf } from '../conformance/differences';
import { makeSidecarExperiment } from '../conformance/generate/sidecars';
import { Severity } from '../src/checks/finding';
import { meshHostConflict } from '../src/checks/rules/mesh-host-conflict';
import { runChecks } from '../src/checks/run-checks';
import { nameOf } from '../src/manifests/object';
import type { MeshModel } from '../src/model/model';
import { dataPlaneOf } from '../src/proxy/data-plane';
import { PORT_OF_UNKNOWN_HOSTS } from '../src/proxy/rule-ports';
import type { SidecarPort } from '../src/proxy/sidecar-port';

const seeds = fc.integer({ min: 1, max: 1_000_000 });

function modelOfSeed(seed: number): MeshModel {
  return modelOf(makeSidecarExperiment(seed, 1).mesh)._model;
}

/** What every sidecar has on every port. */
function portsOf(
  model: MeshModel,
): readonly (SidecarPort & { readonly services: readonly string[]; readonly port: number })[] {
  const { sidecars } = dataPlaneOf(model);
  const all = new Set(model.workloads.map((workload) => sidecars.of(workload)));
  return [...all].flatMap((sidecar) =>
    sidecar.scope.servicePorts().map((port) => ({
      ...sidecar.port(port),
      port,
      services: sidecar.scope.servicesOn(port).map(({ host }) => host.toLowerCase()),
    })),
  );
}

test('a VirtualService that loses one of its hosts in a sidecar is found', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const model = modelOfSeed(seed);
      const found = new Set(runChecks(model, [meshHostConflict]).map(nameOf));
      const losers = portsOf(model)
        .flatMap(({ leftOut }) => leftOut)
        .filter(
          ({ lostTo, owner }) =>
            lostTo !== undefined &&
            lostTo.winner !== owner &&
            lostTo.winner.hosts.some(({ resolved }) => resolved === lostTo.host),
        );
      expect(losers.map(({ owner }) => nameOf(owner.object)).filter((name) => !found.has(name))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('a VirtualService of which all rules are called dropped has its host in no sidecar', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const model = modelOfSeed(seed);
      const errors = runChecks(model, [meshHostConflict]).filter(({ severity }) => severity === Severity.ERROR);
      for (const finding of errors) {
        const owner = model.effectiveVirtualServices.find(({ object }) => nameOf(object) === nameOf(finding));
        const host = owner?.hosts.find(({ path }) => path === finding.path)?.resolved.toLowerCase();
        // On the ports of other services, whoever has rules for one of these brings his other hosts along.
        const own = portsOf(model).filter(
          ({ port, services }) => host !== undefined && (services.includes(host) || port === PORT_OF_UNKNOWN_HOSTS),
        );
        const routes = own.flatMap(({ hosts }) => hosts.get(host ?? '')?.routes ?? []);
        expect(routes.filter(({ origin }) => origin?.owner === owner)).toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
});
