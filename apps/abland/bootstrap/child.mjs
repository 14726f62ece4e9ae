// What prepares a command, each program with its children in a process group of its own: it is ended as a whole, and nothing of it
// goes on by itself.
import { spawn } from 'node:child_process';

/** A signal, or the end of whoever called, came while a command was prepared. */
export class Stopped extends Error {
  /** @param {NodeJS.Signals} signal as which it is told */
  constructor(signal, what = 'preparing') {
    super(`stopped by ${signal} while ${what}: the next command does that anew`);
    this.signal = signal;
  }
}

/** For a program to end in order. */
const END_WITHIN_MS = 2_000;
const inGroups = process.platform !== 'win32';

/**
 * Runs a program to its end.
 * @param {string} what it does, for who is told that it was stopped
 * @param {{ signal: AbortSignal, onStart?: (group: number) => Promise<void>, onOutput?: (chunk: Buffer) => void }} options and those of `spawn`
 * @returns {Promise<number | null>} its exit code
 * @throws Stopped, once it and its children are gone, where the signal is aborted
 */
export async function runToEnd(what, command, args, { onOutput, onStart, signal, ...options }) {
  requireNotStopped(signal, what);
  const child = spawn(command, args, { ...options, detached: inGroups });
  const ended = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => onOutput?.(chunk));
    child.once('error', reject);
    child.once('close', resolve);
    // Whoever of its children is left may have its output open.
    child.once('exit', () => signal.aborted && resolve(null));
  });
  const end = () => {
    endGroup(child.pid, 'SIGTERM');
    setTimeout(() => endGroup(child.pid, 'SIGKILL'), END_WITHIN_MS).unref();
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    const [code] = await Promise.all([ended, child.pid === undefined ? null : onStart?.(child.pid)]);
    requireNotStopped(signal, what);
    return code;
  } catch (error) {
    endGroup(child.pid, 'SIGKILL');
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** @throws Stopped */
export function requireNotStopped({ aborted, reason }, what) {
  if (aborted) throw new Stopped(reason, what);
}

function endGroup(pid, signal) {
  try {
    process.kill(inGroups ? -pid : pid, signal);
  } catch {
    // It is gone.
  }
}
