/*
 * cdk8s validates the whole app when it begins to synthesize, and once more for every chart that it then writes. To look at all of
 * the app each time would take a time that grows with the square of the number of charts.
 *
 * Who asks for a validation shows only in the stack of calls: an app that begins, an app that goes on to one of its charts, or
 * somebody who wants a single chart (`Testing.synth`). Where the stack reads otherwise, as in another release of cdk8s or in
 * a bundle with short names, each validation looks for itself, which is right and slow.
 */

/** By file and method of cdk8s, the callee first. */
const BEGINS = [
  ['app:validate', 'app:synth'],
  ['app:validate', 'app:synthYaml'],
];
const GOES_ON = BEGINS.map(([validate, synth]) => [validate, 'app:_synthChart', 'chart:toJson', synth]);

const FRAME = /at (?:[\w$]+\.)*([\w$]+) (?:\[as [\w$]+\] )?\(.*[\\/]cdk8s[\\/](?:lib|src)[\\/](\w+)\.[jt]s:/;

/** More than there are between a validation and whoever asked cdk8s to synthesize. */
const DEPTH = 30;

/**
 * The validation, which returns nothing from the third time on that one synthesis asks. The first time anything may be
 * wrong; the second time, validations of others have run, which may have changed an object; after that, nobody runs but cdk8s.
 */
export function twiceInSynthesis(validate: () => string[]): () => string[] {
  let times = 0;
  return () => {
    const calls = callsOfCdk8s();
    if (BEGINS.some((begins) => isBegunBy(begins, calls))) {
      times = 1;
    } else if (times > 0 && GOES_ON.some((goesOn) => isBegunBy(goesOn, calls))) {
      times++;
    } else {
      times = 0;
    }
    return times > 2 ? [] : validate();
  };
}

function isBegunBy(expected: readonly string[], calls: readonly (string | undefined)[]): boolean {
  return expected.every((call, index) => calls[index] === call);
}

/** From the innermost call of cdk8s on, all calls; undefined for those of others. */
function callsOfCdk8s(): (string | undefined)[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = DEPTH;
  const lines = new Error().stack?.split('\n').slice(1) ?? [];
  Error.stackTraceLimit = stackTraceLimit;
  const calls = lines.map((line) => {
    const [, method, file] = FRAME.exec(line) ?? [];
    return method && `${file}:${method}`;
  });
  return calls.slice(calls.findIndex((call) => call !== undefined));
}
