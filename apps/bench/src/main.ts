import { formatTable, writeResult } from './results.js';
import type { Bench } from './bench.js';

/** Each in a folder of its own. */
const BENCHES: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  start: () => import('./start/start-bench.js'),
  store: () => import('./store/store-bench.js'),
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const [name = '', ...args] = process.argv.slice(2);
const load = BENCHES[name];
if (load === undefined) {
  process.stderr.write(`Which bench? One of: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const { bench } = await load();
  const result = await bench(args, (text) => say(`${name}: ${text}`));
  say(`\n${formatTable(result.rows)}\n`);
  say(`written to ${await writeResult(result)}`);
}
