import { readdir, readFile } from 'node:fs/promises';

interface ProcessMemory {
  readonly pid: number;
  readonly name: string;
  /** Proportional set size: memory shared between processes is counted once over all of them. */
  readonly pssMiB: number;
  readonly rssMiB: number;
}

/** Memory of a process and of all that it started, from /proc. */
export async function treeMemory(root: number): Promise<readonly ProcessMemory[]> {
  const parents = await parentPids();
  const belongs = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at))
      if (at === root) return true;
    return false;
  };
  const pids = [...parents.keys()].filter(belongs);
  return (await Promise.all(pids.map(memoryOf))).filter((memory) => memory !== null);
}

async function parentPids(): Promise<ReadonlyMap<number, number>> {
  const parents = new Map<number, number>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => null);
    if (stat === null) continue;
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    parents.set(Number(entry), parent);
  }
  return parents;
}

async function memoryOf(pid: number): Promise<ProcessMemory | null> {
  try {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kib = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0);
    const name = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, 3).join(' ').trim();
    return { pid, name, pssMiB: kib('Pss') / 1024, rssMiB: kib('Rss') / 1024 };
  } catch {
    return null; // it ended meanwhile
  }
}
