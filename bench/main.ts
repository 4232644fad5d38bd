/*
 * The numbers that the constructs are held to, as ratios of two times taken in one run on one machine. Nothing here fails:
 * a ratio over its bar is marked MISS, and is for a person to look into.
 *
 * The library is run as it is shipped, compiled: bench/tsconfig.json leaves out the path that leads to its source elsewhere.
 */
import { growth } from './growth';
import { table } from './row';
import { synthCommand } from './synth-command';
import { synthCost } from './synth-cost';

console.log(`node ${process.version}, ${process.platform} ${process.arch}`);
console.log(table([synthCost(false), synthCost(true), growth(), synthCommand()]));
