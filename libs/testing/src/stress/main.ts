import { parseArgs } from 'node:util';
import { summarise } from './stress-report.js';
import { runStress } from './stress-run.js';
import { VARIANTS, type Variant } from './stressed-store.js';

const USAGE = `node libs/testing/dist/stress/main.js: the stress test for as long as wanted
  --seconds <n>    default 60
  --seed <n>       replays the schedule of faults; default: any
  --variant <name> ours (PostgreSQL), eventstoredb, or a wrong way that must fail: plain-sequence, checkpoint-outside
EVENTSTORE_URL names a real server for eventstoredb; else a stand-in answers. Kills of a real server are yours to make.
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    seconds: { type: 'string', default: '60' },
    variant: { type: 'string', default: 'ours' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const variant = VARIANTS.find((known) => known === values.variant);
const [seed, seconds] = [Number(values.seed), Number(values.seconds)];

if (values.help || variant === undefined || !Number.isSafeInteger(seed) || !(seconds > 0)) {
  process.stdout.write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  await stress(variant);
}

async function stress(chosen: Variant): Promise<void> {
  const say = (message: string): void => void process.stdout.write(`${message}\n`);
  say(`stress: seed ${seed}, ${seconds} s, ${chosen}`);
  const report = await runStress({
    ...{ seed, seconds, variant: chosen },
    eventStoreUrl: process.env['EVENTSTORE_URL'],
    onProgress: (message) => say(`stress: ${message}`),
  });
  for (const { kind, detail } of report.findings.slice(0, 20)) say(`  ${kind} ${detail}`);
  say(summarise(report));
  process.exitCode = report.findings.length === 0 ? 0 : 1;
}
