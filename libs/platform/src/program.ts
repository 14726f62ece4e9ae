import { AblandError, type Running } from '@abland/kernel';

const STOP_WITHIN_MS = 30_000;
/** One Ctrl-C can arrive twice: from the terminal, and passed on by the parent. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Runs a program until a signal or its own end: starts it, stops it once on SIGINT or SIGTERM, and turns what goes wrong
 * into one line on standard error and an exit code other than 0. A signal during the start aborts it and lets it undo what it
 * did; a second signal ends the process at once.
 */
export async function runProgram(start: (signal: AbortSignal) => Promise<Running>): Promise<void> {
  const aborting = new AbortController();
  let stopping = false;
  let signalledAt = -Infinity;
  const started = Promise.resolve().then(() => start(aborting.signal));
  const stop = async (code: number): Promise<void> => {
    if (stopping) process.exit(code === 0 ? 130 : code);
    stopping = true;
    setTimeout(
      () => fail(new Error(`did not stop within ${STOP_WITHIN_MS / 1000} s`)),
      STOP_WITHIN_MS,
    ).unref();
    aborting.abort();
    const running = await started.catch(() => null); // told below, or given up by the signal
    await running?.stop().catch(fail);
    process.exit(code);
  };
  const onSignal = (): void => {
    if (performance.now() - signalledAt < SAME_SIGNAL_MS) return;
    signalledAt = performance.now();
    void stop(0);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const running = await started;
    await running.ended;
    if (!stopping) await stop(0);
  } catch (error) {
    if (stopping) return;
    process.stderr.write(`${describe(error)}\n`);
    await stop(1);
  }
}

function fail(error: unknown): never {
  process.stderr.write(`${describe(error)}\n`);
  process.exit(1);
}

/** One line for a person: ours says its code and what was behind it, anything else its message. */
export function describe(error: unknown): string {
  if (!(error instanceof AblandError)) return `abland: ${messageOf(error)}`;
  const behind = error.cause instanceof Error ? `: ${messageOf(error.cause)}` : '';
  return `abland: ${error.message}${behind} (${error.code})`;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node's own AggregateError has no message: its parts do.
  const text =
    error instanceof AggregateError && error.message === '' ? String(error.errors[0]) : error.message;
  return text.split('\n')[0] ?? '';
}
