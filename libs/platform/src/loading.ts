import { setImmediate as nextTurn } from 'node:timers/promises';
import { onStopSignal } from './stop-signals.js';

/**
 * Loads a program, then runs it. Loading takes a part of a second, and several where the machine is busy: a signal that comes
 * meanwhile ends the process with a word, and with 0, for nothing was begun. It is imported by itself, before all the rest.
 */
export async function loadAndRun(load: () => Promise<{ run(): Promise<void> }>): Promise<void> {
  const hasLoaded = onStopSignal((signal) => {
    process.stderr.write(`abland: stopped by ${signal} before it had started\n`);
    process.exit(0);
  });
  const { run } = await load();
  // What came while our code was being read is heard when Node looks for it next: in this turn of its loop, or in the one after.
  await nextTurn();
  await nextTurn();
  hasLoaded(); // from here on the program heeds them itself
  await run();
}
