import { synthCost } from './synth-cost'; import { growth } from './growth'; import { synthCommand } from './synth-command'; import { table } from './row';
const rows = { a: synthCost, b: growth, c: synthCommand }; console.log(table([...(process.argv[2] ?? 'abc')].map((k) => rows[k as 'a']())));
