/*
 * A command that is called like Helm, notes how it was, and answers as a test says.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IstioCharts } from 'cdk8s-versioned-mesh';

export interface Answers {
  /** Of `helm version --short`. */
  readonly version?: string;
  /** Of `helm template`: the objects, with RELEASE for the name of the release. */
  readonly objects?: string;
  /** Of `helm show values`. */
  readonly values?: string;
  /** What is printed on standard error by the subcommand that fails, with status 1. */
  readonly failure?: { readonly of: string; readonly says: string };
}

const OBJECTS = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: RELEASE\n  namespace: istio-system\n';

/** Of the charts that list their values. */
const VALUES = [
  '_internal_defaults_do_not_set:',
  ...['autoscaleEnabled', 'autoscaleMax', 'autoscaleMin', 'base', 'cni', 'defaultRevision', 'global', 'hub'],
  ...['istioNamespace', 'meshConfig', 'replicaCount', 'resources', 'revision', 'revisionTags', 'seccompProfile', 'tag'],
]
  .map((name, index) => (index === 0 ? name : `  ${name}: {}`))
  .join('\n');

const CHARTS = ['base', 'istiod', 'cni', 'ztunnel', 'gateway'];

export class FakeHelm {
  /** In which all is; with what Helm leaves in its temporary folder. */
  private readonly folder = mkdtempSync(join(tmpdir(), 'fake-helm-'));

  /** The command. */
  public readonly path = join(this.folder, 'helm');

  public constructor({ version = 'v3.18.4+gd80839c', objects = OBJECTS, values = VALUES, failure }: Answers = {}) {
    for (const [name, text] of Object.entries({ version, objects, values, failure: failure?.says ?? '', calls: '' })) {
      writeFileSync(join(this.folder, name), text);
    }
    for (const chart of CHARTS) {
      mkdirSync(join(this.folder, 'charts', chart), { recursive: true });
      writeFileSync(join(this.folder, 'charts', chart, 'Chart.yaml'), `name: ${chart}\n`);
    }
    writeFileSync(this.path, script(failure?.of));
    chmodSync(this.path, 0o755);
  }

  /** A folder with a chart of each name. */
  public get charts(): IstioCharts {
    return IstioCharts.directory(join(this.folder, 'charts'));
  }

  /** The arguments of each call, `helm version` left out; for the folder of this command `…` stands. */
  public get calls(): string[] {
    const lines = readFileSync(join(this.folder, 'calls'), 'utf8').replaceAll(this.folder, '…').split('\n');
    return lines.filter((line) => line !== '' && !line.startsWith('version'));
  }

  /** The values that `helm template` was given last. */
  public get values(): unknown {
    return JSON.parse(readFileSync(join(this.folder, 'given'), 'utf8'));
  }

  /** Those of the chart's last release. */
  public valuesOf(chart: string): unknown {
    return JSON.parse(readFileSync(join(this.folder, `given-${chart}`), 'utf8'));
  }

  public get wasAskedToRender(): boolean {
    return existsSync(join(this.folder, 'given'));
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A shell starts in a few milliseconds. */
function script(failing = 'nothing'): string {
  return `#!/bin/sh
here=$(dirname "$0")
echo "$@" >> "$here/calls"
if [ "$1" = ${failing} ]; then cat "$here/failure" >&2; exit 1; fi
case "$1" in
  version) cat "$here/version" ;;
  show) cat "$here/values" ;;
  template) cat > "$here/given"; cp "$here/given" "$here/given-$(basename "$3")"; sed "s/RELEASE/$2/" "$here/objects" ;;
  pull) while [ "$1" != --destination ]; do shift; done
    for chart in ${CHARTS.join(' ')}; do
      case "$(tail -n 1 "$here/calls")" in *"$chart "*--version*) : > "$2/$chart-1.31.0.tgz" ;; esac
    done ;;
esac
`;
}
