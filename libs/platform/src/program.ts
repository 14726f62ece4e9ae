import { AblandError, type Running, withoutSecrets } from '@abland/kernel';

/** A supervisor that asks for the end usually kills after this. Whatever is in hand has a shorter limit of its own. */
const STOP_WITHIN_MS = 12_000;
/** One Ctrl-C can arrive twice: from the terminal, and passed on by the parent. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Runs a program until a signal or its own end: starts it, stops it once on SIGINT or SIGTERM, and turns what goes wrong
 * into one line on standard error and an exit code other than 0. A signal during the start aborts it and lets it undo what it
 * did; a second signal ends the process at once. A stop that takes too long is cut short: what was in hand is done again by the
 * next start. An error that nobody caught is a defect: it is told with its stack, and the program stops as by a signal.
 */
export async function runProgram(
  start: (signal: AbortSignal) => Promise<Running>,
  stopWithinMs = STOP_WITHIN_MS,
): Promise<void> {
  const aborting = new AbortController();
  let stopping = false;
  let signalledAt = -Infinity;
  const started = Promise.resolve().then(() => start(aborting.signal));
  const stop = async (code: number): Promise<void> => {
    if (stopping) process.exit(code === 0 ? 130 : code);
    stopping = true;
    setTimeout(() => {
      say(`abland: did not stop within ${stopWithinMs / 1000} s, what was in hand is left`);
      process.exit(code);
    }, stopWithinMs).unref();
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
  const onUncaught = (error: unknown): void => {
    say(`${describe(error)}\n${stackOf(error)}`);
    if (!stopping) void stop(1);
  };
  process.on('uncaughtException', onUncaught);
  process.on('unhandledRejection', onUncaught);
  outliveReaders();
  try {
    const running = await started;
    await running.ended;
    if (!stopping) await stop(0);
  } catch (error) {
    if (stopping) return;
    say(describe(error));
    await stop(1);
  }
}

/** Whoever reads what a program says may be gone, or its disk full: the program goes on. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function fail(error: unknown): never {
  say(describe(error));
  process.exit(1);
}

/** One line for a person: ours says its code and what was behind it, anything else its message. Without secrets. */
export function describe(error: unknown): string {
  if (!(error instanceof AblandError)) return withoutSecrets(`abland: ${messageOf(error)}`);
  const behind = error.cause instanceof Error ? `: ${messageOf(error.cause)}` : '';
  return withoutSecrets(`abland: ${error.message}${behind} (${error.code})`);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node's own AggregateError has no message: its parts do.
  const text =
    error instanceof AggregateError && error.message === '' ? String(error.errors[0]) : error.message;
  return text.split('\n')[0] ?? '';
}

function stackOf(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? withoutSecrets(error.stack) : '';
}
