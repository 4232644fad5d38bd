/*
 * One synthesis of an app, from its first validation to the last manifest that it writes. cdk8s validates the whole app when
 * synthesis begins, and again for every chart that it writes: to check all manifests each time would cost more than the rest.
 */
import { type ApiObject, App, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isOnlyLookedAt } from '../objects/validation';

/** Knows when an app is being synthesized. It does not see a single chart synthesized (`Testing.synth`). */
export class Synthesis {
  private readonly isPlain: boolean;
  private isRunning = false;
  private errors?: readonly string[];
  private readonly held: ApiObject[] = [];

  public constructor(private readonly root: IConstruct) {
    this.isPlain = isApp(root) && root.synth === App.prototype.synth && root.synthYaml === App.prototype.synthYaml;
    if (isApp(root)) {
      const { synth, synthYaml } = root;
      root.synth = () => this.during(() => synth.call(root));
      root.synthYaml = () => this.during(() => synthYaml.call(root));
    }
  }

  /** What `validate` returns. While a synthesis runs, nothing changes between two validations, so the first answer holds. */
  public validateOnce(validate: () => string[]): string[] {
    const errors = this.errors ?? validate();
    this.errors = this.isRunning ? errors : undefined;
    return [...errors];
  }

  /**
   * Has cdk8s write `manifests`, what `objects` are serialized to already, instead of serializing them once more, which takes
   * as long as all checks. Does nothing where code of somebody else runs before they are written: it could change an object.
   */
  public hold(objects: readonly ApiObject[], manifests: readonly unknown[]): void {
    if (this.isRunning && this.isPlain && this.root.node.findAll().every(runsNoCode)) {
      objects.forEach((object, index) => {
        object.toJson = () => manifests[index];
        this.held.push(object);
      });
    }
  }

  private during<T>(synthesize: () => T): T {
    this.isRunning = true;
    try {
      return synthesize();
    } finally {
      this.isRunning = false;
      this.errors = undefined;
      for (const object of this.held.splice(0)) {
        Reflect.deleteProperty(object, 'toJson');
      }
    }
  }
}

/** Whether synthesis runs no code of the construct's author but what serializes it. */
function runsNoCode(construct: IConstruct): boolean {
  return (
    isOnlyLookedAt(construct) &&
    !Object.hasOwn(construct, 'toJson') &&
    (!Chart.isChart(construct) || construct.toJson === Chart.prototype.toJson)
  );
}

function isApp(root: IConstruct): root is App {
  return 'synth' in root && 'synthYaml' in root;
}
