import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender } from './contender.js';
import type { ServedChain } from './served-chain.js';
import { cpuSeconds, peakMemory, usagesOf } from './usage.js';

export interface Course {
  readonly chain: ServedChain;
  /** Of PostgreSQL's first process. */
  readonly databasePid: number;
  /** The head while the chain is indexed for the first time. */
  readonly coldHead: number;
  /** Blocks that come while nothing runs, and then live ones. */
  readonly missed: number;
  readonly live: number;
  readonly say: (text: string) => void;
  /** Ends the race. */
  readonly signal: AbortSignal;
}

export interface RaceFigures {
  readonly coldSeconds: number;
  readonly logs: number;
  /** Of programs and database together, until the first sync was complete. */
  readonly programCpuSeconds: number;
  readonly databaseCpuSeconds: number;
  readonly peakMiB: number;
  readonly restartSeconds: number;
  /** From the moment that a block could be asked for until its swaps were told, in milliseconds. */
  readonly visibleMs: readonly number[];
}

const POLL_MS = 10;
const SLOW_POLL_MS = 100;
const BLOCK_MS = 200;
const WITHIN_MS = 3_600_000;
const LIVE_WITHIN_MS = 60_000;

/** One contender over the whole course: from nothing to the head, a restart, and live blocks. */
export async function race(contender: Contender, course: Course): Promise<RaceFigures> {
  const { chain, coldHead, databasePid, missed, say, signal } = course;
  try {
    const { logs } = await chain.moveTo(coldHead);
    say(`${contender.name}: ${logs} logs in ${coldHead + 1} blocks, from nothing`);
    const databaseBefore = await cpuSeconds([databasePid]);
    const watching = new AbortController();
    const peak = peakMemory(() => contender.programs().map(({ pid }) => pid), watching.signal);
    const coldSeconds = await startUntilAt(contender, coldHead, signal);
    const databaseCpuSeconds = (await cpuSeconds([databasePid])) - databaseBefore;
    const usages = await usagesOf(contender.programs());
    const programCpuSeconds = usages.reduce((sum, usage) => sum + usage.cpuSeconds, 0);
    say(`${contender.name}: ${coldSeconds.toFixed(1)} s`);
    for (const { name, cpuSeconds: seconds, mib } of usages)
      say(`  ${name}: ${seconds.toFixed(1)} s of a processor, ${mib.toFixed(0)} MiB`);
    say(`  PostgreSQL: ${databaseCpuSeconds.toFixed(1)} s of a processor`);
    say(`${contender.name}: started again, ${missed} blocks later`);
    await contender.stop();
    await chain.moveTo(coldHead + missed);
    const restartSeconds = await startUntilAt(contender, coldHead + missed, signal);
    say(`${contender.name}: ${restartSeconds.toFixed(1)} s; now live`);
    const visibleMs = await follow(contender, course);
    watching.abort();
    const figures = { coldSeconds, logs, programCpuSeconds, databaseCpuSeconds, restartSeconds, visibleMs };
    return { ...figures, peakMiB: await peak };
  } finally {
    await contender.stop();
  }
}

async function startUntilAt(contender: Contender, head: number, signal: AbortSignal): Promise<number> {
  const started = performance.now();
  await contender.start();
  while (performance.now() - started < WITHIN_MS) {
    if ((await contender.newestBlock()) >= head && (await contender.isComplete()))
      return (performance.now() - started) / 1_000;
    await sleep(SLOW_POLL_MS, undefined, { signal });
  }
  throw new Error(`${contender.name} did not come to block ${head}`);
}

async function follow(contender: Contender, { chain, live, signal }: Course): Promise<number[]> {
  const servedAt = new Map<number, number>();
  const visibleMs: number[] = [];
  const last = chain.head + live;
  const serving = serve(chain, live, servedAt);
  serving.catch(() => undefined); // told below
  const giveUpAt = Date.now() + live * BLOCK_MS + LIVE_WITHIN_MS;
  for (let seen = chain.head; seen < last && Date.now() < giveUpAt;) {
    const newest = await contender.newestBlock();
    const now = Date.now();
    for (; seen < newest; seen += 1) {
      const at = servedAt.get(seen + 1);
      if (at !== undefined) visibleMs.push(now - at);
    }
    await sleep(POLL_MS, undefined, { signal });
  }
  await serving;
  if (visibleMs.length < live)
    throw new Error(`${contender.name} showed ${visibleMs.length} of ${live} live blocks`);
  return visibleMs;
}

async function serve(chain: ServedChain, blocks: number, servedAt: Map<number, number>): Promise<void> {
  const started = performance.now();
  const first = chain.head + 1;
  for (let index = 0; index < blocks; index += 1) {
    await sleep(Math.max(0, started + (index + 1) * BLOCK_MS - performance.now()));
    const { at, head } = await chain.moveTo(first + index);
    servedAt.set(head, at);
  }
}
