import { childrenOf } from './children.js';

/**
 * Lets a process and its children go on where they were stopped (SIGSTOP, a debugger): what is stopped hears no request to end.
 * Those that run take no notice. At once, so that it may be called while our own process ends.
 */
export function goOn(pid: number): void {
  for (const one of [pid, ...childrenOf(pid)]) signalQuietly(one, 'SIGCONT');
}

/** Ends a process and its children where nothing gentler does. */
export function endByForce(pid: number): void {
  for (const one of [pid, ...childrenOf(pid)]) signalQuietly(one, 'SIGKILL');
}

function signalQuietly(pid: number, signal: 'SIGCONT' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}
