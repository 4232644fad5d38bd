/*
 * What a compiler would say of an argument, said to callers that have none: JavaScript, or values read from a file.
 */
import { Chart, type Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { refuse, show } from './refuse';

/** The id, when scope and id are such that a construct can be made of them; to be called before `super`. */
export function checkedId(scope: Construct, id: string): string {
  checkedChartId(scope, id);
  if (!scope.node.scopes.some((ancestor) => Chart.isChart(ancestor))) {
    refuse(
      scope,
      `${show(id)} is in no chart, and only charts are written; pass a chart, or what is within one, as scope.`,
    );
  }
  return id;
}

/** The same for a chart, which needs none to be in. */
export function checkedChartId(scope: Construct, id: string): string {
  if (!Construct.isConstruct(scope)) {
    throw new Error(`scope ${show(scope)} of ${show(id)} is not a construct; pass the chart that it belongs to.`);
  }
  if (typeof id !== 'string' || id === '') {
    refuse(scope, `id ${show(id)} is not an id: text that is not empty.`);
  }
  if (isInheritedByAll(id)) {
    refuse(scope, `id ${show(id)} is a reserved id; choose another, and set name where it matters.`);
  }
  return id;
}

/** Whether `value` is a Duration of any install of cdk8s. */
export function isDuration(value: Duration | null | undefined): boolean {
  return typeof value?.toMilliseconds === 'function';
}

/**
 * Whether `key` can be a key of what cdk8s writes. It passes manifests through plain objects, where `constructor` is taken
 * for a class and `__proto__` is lost without a word.
 */
export function isWritableKey(key: string): boolean {
  return key !== 'constructor' && key !== '__proto__';
}

/** The tree of constructs looks children up in a plain object, and so finds `constructor` there before it is added. */
function isInheritedByAll(id: string): boolean {
  return id in Object.prototype;
}
