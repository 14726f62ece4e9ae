import { PartEndedError } from '@abland/kernel';

const PAUSE_MS = 25;
const ANSWER_WITHIN_MS = 5_000;
const NO_ANSWER: Missing = ['no answer'];

/** What is not ready by then, as `/ready` names it; none: it is all ready. */
export type Missing = readonly string[];

/**
 * Until the read models have caught up with the chain, answers would be of the past.
 * @throws what a program ended with, or the signal's reason
 */
export async function untilReady(
  apiUrl: string,
  ended: Promise<void>,
  signal: AbortSignal,
  withinMs: number,
): Promise<Missing> {
  const over = ended.then((): never => {
    throw new PartEndedError('A program ended by itself');
  });
  over.catch(() => undefined); // also comes to this long after the start
  for (const end = performance.now() + withinMs; ;) {
    signal.throwIfAborted();
    const missing = await Promise.race([missingAt(apiUrl, signal), over]);
    if (missing.length === 0 || performance.now() >= end) return missing;
    await Promise.race([new Promise((resolve) => setTimeout(resolve, PAUSE_MS)), over]);
  }
}

async function missingAt(apiUrl: string, stopping: AbortSignal): Promise<Missing> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  try {
    const response = await fetch(`${apiUrl}/ready`, { signal });
    return response.ok ? [] : unfit(await response.json());
  } catch {
    return NO_ANSWER; // nothing listens yet, or it has no time
  }
}

function unfit(told: unknown): Missing {
  const checks = told !== null && typeof told === 'object' && 'checks' in told ? told.checks : {};
  const failed = Object.entries(checks as Readonly<Record<string, { ok?: unknown; error?: unknown }>>)
    .filter(([, { ok }]) => ok !== true)
    .map(([name, { error }]) => (typeof error === 'string' ? `${name} (${error})` : name));
  return failed.length === 0 ? NO_ANSWER : failed;
}
