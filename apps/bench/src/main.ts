import { formatTable, writeResult } from './report/results.js';
import type { Bench } from './report/bench.js';

/** Each in a folder of its own. */
const BENCHES: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  'as-of': () => import('./as-of/as-of-bench.js'),
  audit: () => import('./audit/audit-bench.js'),
  index: () => import('./indexing/index-bench.js'),
  session: () => import('./session/session-bench.js'),
  rebuild: () => import('./rebuild/rebuild-bench.js'),
  start: () => import('./start/start-bench.js'),
  store: () => import('./store/store-bench.js'),
};

const USAGE = `npm run bench -- <name> [options]; results are printed and kept in apps/bench/results/<name>.json
  as-of                what was so at any moment of a log, question by question
    --events <n>       of the log, as of a busy exchange; default 1000000
    --questions <n>    of each kind, each at a moment of its own; default 300
    --keep <folder>    keeps the database there, and asks again what is there already
  audit                the log's tree of hashes: built beside reading the log, behind appends, proofs made and checked
    --events <n>       of the log; default 1000000
    --proofs <n>       default 10000
    --seconds <n>      of appends at full speed; default 10
    --runs <n>         of which the medians are told; default 3
  index                a chain's history to the read models beside Ponder, from nothing, after a restart and live
    --logs <n>         of the history; default 500000
    --live <n>         live blocks, five a second with 50 logs each; default 150
    --ours <list>      how, of usual (default), receipts (no less is taken), bloom (receipts of the newest blocks alone), kafka
                       (through the brokers that KAFKA_BROKERS names)
    --ponder <list>    versions, of 1.0.0,0.16.10 (default), or none; what they need is installed the first time
                       BENCH_PROFILES=<folder> keeps there where the time of our programs went
  rebuild              read tables from the log beside Emmett and the least that one could do; following a backlog; how soon an event is
                       seen while all are rebuilt beside; whether a rebuild grows slower; memory
    --events <n>       of the log, as of a busy exchange; default 1000000
    --emmett <n>       of which Emmett goes over the first; default 20000, none: 0
    --runs <n>         of which the medians are told; default 3
  session              read models rebuilt under a client, through kills of projector and database, changed, poisoned and skipped,
                       on both stores: printed step by step, and the state is the same in the end, or it fails
    --events <n>       of the log; default 1000000
    --kills <n>        of a projector that rebuilds, at random moments; default 20
    --rate <n>         requests a second of the client; default 100
  start                first and later starts, memory, a swap from mutation to confirmed
    --starts <n>       later starts; default 5
    --swaps <n>        default 100
  store                the event store beside its peers, on one PostgreSQL with fsync on
    --runs <n>         of which the medians are told; default 5
    --seconds <n>      of each run of appends; default 2
    --events <n>       that are read; default 1000000
    --eventstore <url> esdb://… measures our EventStoreDB adapter beside the bare client there, and leaves there what it
                       appended; stand-in: on a stand-in (default); none: not
`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const [name = '', ...args] = process.argv.slice(2);
const load = BENCHES[name];
if ([name, ...args].some((arg) => arg === '--help' || arg === '-h')) {
  process.stdout.write(USAGE);
} else if (load === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const { bench } = await load();
  const result = await bench(args, (text) => say(`${name}: ${text}`));
  say(`\n${formatTable(result.rows)}\n`);
  say(`written to ${await writeResult(result)}`);
}
