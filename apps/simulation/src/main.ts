import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { silentLogger } from '@abland/kernel';
import { createLogger } from '@abland/platform';
import { startTestPostgres, stopTestPostgres } from '@abland/testing';
import { KEPT_FAULTS } from './fault-plan.js';
import { databaseOf } from './own-database.js';
import { areKnown, sayTold } from './told-of.js';
import { TRIALS } from './trials.js';
import { summarise } from './report.js';
import { simulate, type SimulationOptions, type SimulationReport } from './simulate.js';

const USAGE = `npm run simulate [-- options]: indexer, ingester and projector on a simulated chain, behind providers at fault, killed and
started again, as is the database of every fourth seed, which has a server of its own; log and read models are compared with the chain. Every seed is printed; the last line counts violations.
  --seeds <n>       default 5
  --seed <n>        the first one; default: any
  --at-once <n>     seeds that run beside each other, since most of a seed is waiting; default 4
  --minutes <n>     begins no further seed after so long; default: never
  --without <part>  ${[...TRIALS.keys()].join(', ')}: must be noticed
  --kafka <host:port,…>  blocks go from indexer to ingester through these brokers; default: through the database
  --bad-providers   one provider lies, one lags and one is limited from the first block to the end, beside a good one: what was told of each
  --log             tells what the programs log
`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'at-once': { type: 'string', default: '4' },
    minutes: { type: 'string', default: 'Infinity' },
    without: { type: 'string' },
    kafka: { type: 'string' },
    'bad-providers': { type: 'boolean', default: false },
    log: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const [count, first, minutes, atOnce] = [values.seeds, values.seed, values.minutes, values['at-once']].map(
  Number,
) as [number, number, number, number];
const trial = values.without === undefined ? null : TRIALS.get(values.without);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const understood =
  trial !== undefined && count > 0 && minutes > 0 && Number.isSafeInteger(first) && atOnce >= 1;
if (values.help || !understood) {
  process.stdout.write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  await startTestPostgres();
  try {
    process.exitCode = (await runSeeds()) === 0 ? 0 : 1;
  } finally {
    await stopTestPostgres();
  }
}

/** Returns how many violations there were. */
async function runSeeds(): Promise<number> {
  const over = performance.now() + minutes * 60_000;
  const reports: SimulationReport[] = [];
  let seed = first;
  const runner = async (): Promise<void> => {
    while (seed < first + count && performance.now() < over) {
      const report = await runSeed(seed++);
      for (const { detail, kind } of report.violations) say(`  ${kind}: ${detail}`);
      say(summarise(report));
      const names = [...Object.keys(KEPT_FAULTS), 'good'];
      if (values['bad-providers'])
        for (const [index, told] of report.told.entries()) say(sayTold(names[index] ?? '', told));
      reports.push(report);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, runner));
  const failed = reports.filter(({ violations }) => violations.length > 0).length;
  const violations = reports.reduce((sum, report) => sum + report.violations.length, 0);
  say(`${reports.length - failed} passed, ${failed} failed, ${count - reports.length} skipped`);
  say(`${reports.length} seeds from ${first} on, ${violations} violations`);
  return violations;
}

async function runSeed(seed: number): Promise<SimulationReport> {
  const logger = values.log ? createLogger({ name: 'simulation', level: 'info' }) : silentLogger;
  const { crash, remove, url } = await databaseOf(seed);
  const ofDatabase = crash === undefined ? {} : { crashDatabase: crash };
  const ofTrial = trial ? { ...trial.settings, parts: trial.broken } : {};
  const settings = values['bad-providers']
    ? { keptFaults: Object.values(KEPT_FAULTS), untilTold: areKnown }
    : ofTrial;
  try {
    return await simulate({
      ...{ ...ofDatabase, ...settings, ...through(values.kafka) },
      ...{ seed, databaseUrl: url, logger },
    });
  } finally {
    await remove();
  }
}

/** Brokers that are not ours to kill; topics of this run alone. */
function through(kafka: string | undefined): Pick<SimulationOptions, 'broker'> {
  if (kafka === undefined) return {};
  const topicPrefix = `simulation-${randomUUID()}.`;
  return {
    broker: { connection: { brokers: kafka.split(','), topicPrefix, tls: null, sasl: null }, disturb: null },
  };
}
