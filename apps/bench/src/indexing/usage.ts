import { readdir, readFile } from 'node:fs/promises';
import { setInterval } from 'node:timers/promises';
import type { Program } from './contender.js';

const SAMPLE_MS = 500;
/** Of the kernel's clock (USER_HZ). */
const TICKS_A_SECOND = 100;

/** Seconds of processor time of processes and of those below them that still run, with those that they waited for to end. */
export async function cpuSeconds(roots: readonly number[]): Promise<number> {
  let ticks = 0;
  for (const pid of await withChildren(roots)) {
    const stat = await told(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    for (const field of fields.slice(11, 15)) ticks += Number(field);
  }
  return ticks / TICKS_A_SECOND;
}

/** Watches the resident memory of processes together; resolves to the most that it was, in MiB, once it is told to end. */
export async function peakMemory(roots: () => readonly number[], signal: AbortSignal): Promise<number> {
  let peak = 0;
  try {
    for await (const _ of setInterval(SAMPLE_MS, undefined, { signal })) {
      peak = Math.max(peak, await residentMib(roots()));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return peak;
}

export interface Usage {
  readonly name: string;
  readonly cpuSeconds: number;
  /** Resident memory. */
  readonly mib: number;
}

export function usagesOf(programs: readonly Program[]): Promise<Usage[]> {
  const usageOf = async ({ name, pid }: Program): Promise<Usage> => ({
    ...{ name, cpuSeconds: await cpuSeconds([pid]), mib: await residentMib([pid]) },
  });
  return Promise.all(programs.map(usageOf));
}

async function residentMib(roots: readonly number[]): Promise<number> {
  let kib = 0;
  for (const pid of await withChildren(roots))
    kib += Number(/^VmRSS:\s+(\d+)/m.exec(await told(`/proc/${pid}/status`))?.[1] ?? 0);
  return kib / 1_024;
}

async function withChildren(roots: readonly number[]): Promise<readonly number[]> {
  const found: number[] = [];
  for (const root of roots) {
    found.push(root);
    for (const thread of await readdir(`/proc/${root}/task`).catch(() => [])) {
      const children = (await told(`/proc/${root}/task/${thread}/children`)).split(' ').filter(Boolean);
      found.push(...(await withChildren(children.map(Number))));
    }
  }
  return found;
}

/** Nothing of a process that has ended. */
const told = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
