import { parseArgs } from 'node:util';
import { runStress, summarise } from './stress-run.js';
import type { Variant } from './stressed-store.js';

/** `node libs/event-store/dist/stress/main.js --seed 7 --seconds 3600`: the stress test for as long as wanted. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    seconds: { type: 'string', default: '60' },
    variant: { type: 'string', default: 'ours' },
  },
});
const say = (message: string): void => void process.stdout.write(`${message}\n`);
say(`stress: seed ${values.seed}, ${values.seconds} s, ${values.variant}`);
const report = await runStress({
  seed: Number(values.seed),
  seconds: Number(values.seconds),
  variant: values.variant as Variant,
  onProgress: (message) => say(`stress: ${message}`),
});
for (const { kind, detail } of report.findings.slice(0, 20)) say(`  ${kind} ${detail}`);
say(summarise(report));
process.exitCode = report.findings.length === 0 ? 0 : 1;
