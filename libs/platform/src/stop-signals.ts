/** Ctrl-C, a supervisor, a terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One Ctrl-C can arrive twice: from the terminal, and passed on by the parent. */
const SAME_SIGNAL_MS = 1_000;

/** Who ended at once by a signal, as a shell tells it. */
export const EXIT_INTERRUPTED = 130;

/** Calls back each time that the process is asked to stop, until the function that is returned is called. */
export function onStopSignal(callback: (signal: NodeJS.Signals) => void): () => void {
  let signalledAt = -Infinity;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (performance.now() - signalledAt < SAME_SIGNAL_MS) return;
    signalledAt = performance.now();
    callback(signal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
