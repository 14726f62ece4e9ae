import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The processes that a process has started, and that are there; none of one that is gone. */
export function childrenOf(pid: number): readonly number[] {
  return listed(pid).split(/\s+/).filter(Boolean).map(Number);
}

function listed(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  } catch {
    // It is gone, or the system has no such list.
    return spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  }
}
