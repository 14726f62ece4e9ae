import { AblandError, DomainError, type Running, withoutSecrets } from '@abland/kernel';
import { EXIT_INTERRUPTED, onStopSignal } from './stop-signals.js';

/** A supervisor that asks for the end usually kills after this. Whatever is in hand has a shorter limit of its own. */
const STOP_WITHIN_MS = 12_000;

/** What a program's signal is aborted with: why it is to stop. */
export class StopAsked extends Error {}

/** Why a program is to stop, for its log and its terminal. */
export const whyStopped = ({ reason }: AbortSignal): string =>
  reason instanceof StopAsked ? reason.message : 'it was not asked to';

/**
 * Runs a program until a signal or its own end: starts it, stops it once on SIGINT, SIGTERM or SIGHUP, and turns what goes wrong
 * into one line on standard error and an exit code other than 0. A signal during the start aborts it, with why (`whyStopped`), and
 * lets it undo what it did; a second signal ends the process at once. A stop that takes too long is cut short: what was in hand is
 * done again by the next start. An error that nobody caught is a defect: it is told with its stack, and the program stops as by a
 * signal. It never ends without a word but in order, of which the program itself tells.
 */
export async function runProgram(
  start: (signal: AbortSignal) => Promise<Running>,
  stopWithinMs = STOP_WITHIN_MS,
): Promise<void> {
  const aborting = new AbortController();
  let stopping = false;
  const started = Promise.resolve().then(() => start(aborting.signal));
  const stop = async (code: number, why: string): Promise<void> => {
    if (stopping) {
      say(`abland: ended at once by another ${why}, what was in hand is left`);
      process.exit(EXIT_INTERRUPTED);
    }
    stopping = true;
    setTimeout(() => {
      say(`abland: did not stop within ${stopWithinMs / 1000} s, what was in hand is left`);
      process.exit(code);
    }, stopWithinMs).unref();
    aborting.abort(new StopAsked(why));
    const running = await started.catch(() => null); // told below, or given up by the signal
    if (running === null && code === 0) say(`abland: stopped by ${why} before it had started`);
    await running?.stop().catch(fail);
    process.exit(code);
  };
  onStopSignal((signal) => void stop(0, signal));
  const onUncaught = (error: unknown): void => {
    say(`${describe(error)}\n${stackOf(error)}`);
    if (!stopping) void stop(1, 'an error that nobody caught');
  };
  process.on('uncaughtException', onUncaught);
  process.on('unhandledRejection', onUncaught);
  outliveReaders();
  try {
    const running = await started;
    await running.ended;
    if (stopping) return;
    say(`abland: ${running.name} ended, and nobody had asked it to`);
    await stop(1, 'it ended by itself');
  } catch (error) {
    if (stopping) return;
    say(describe(error));
    await stop(1, 'it failed');
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
  if (error instanceof DomainError) return withoutSecrets(`abland: ${error.message} (${error.code})`);
  if (!(error instanceof AblandError)) return withoutSecrets(`abland: ${messageOf(error)}${codeOf(error)}`);
  const behind = error.cause instanceof Error ? `: ${messageOf(error.cause)}` : '';
  return withoutSecrets(`abland: ${error.message}${behind} (${error.code})`);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node's own AggregateError has no message: its parts do.
  const text =
    error instanceof AggregateError && error.message === '' ? String(error.errors[0]) : gistOf(error);
  return text.split('\n')[0] ?? '';
}

/** ethers puts the whole of a request into an error's message, and the gist into another field. */
function gistOf(error: Error): string {
  const { shortMessage } = error as { readonly shortMessage?: unknown };
  return typeof shortMessage === 'string' ? shortMessage : error.message;
}

/** Of what is told by no code of ours: its own, where its words do not say it. */
function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  const isTold = typeof code === 'string' && /^[A-Z][A-Z_]+$/.test(code) && !messageOf(error).includes(code);
  return isTold ? ` (${code})` : '';
}

function stackOf(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? withoutSecrets(error.stack) : '';
}
