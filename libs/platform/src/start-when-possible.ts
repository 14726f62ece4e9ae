import { failureClassOf, mayPass, retrying, type Timing } from '@abland/kernel';
import { describe } from './program.js';
import { serveNotReady } from './not-ready-server.js';

export interface StartOptions {
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Where it is said meanwhile that the program is not ready; null: nowhere. */
  readonly port: number | null;
  /** Told what is waited for, once for each reason. */
  readonly onWait: (why: string) => void;
  readonly timing?: Timing;
}

const PAUSE_MS = { min: 250, max: 5_000 };

/**
 * Starts something as soon as what it needs is there: a database that is away, or comes up later than we do, is waited for.
 * @throws what no waiting helps, or what it failed of when the signal aborted
 */
export async function startWhenPossible<Started>(
  start: () => Promise<Started>,
  { onWait, port, signal, timing }: StartOptions,
): Promise<Started> {
  let why = '';
  let notReady: (() => Promise<void>) | null = null;
  const sayNotReady = async (error: unknown): Promise<void> => {
    const reason = describe(error);
    if (reason !== why) onWait(reason);
    why = reason;
    if (port !== null && port !== 0) notReady = await serveNotReady(port, () => why);
  };
  const attempt = async (): Promise<Started> => {
    await notReady?.();
    notReady = null;
    try {
      return await start();
    } catch (error) {
      if (mayPass(failureClassOf(error)) && !signal.aborted) await sayNotReady(error);
      throw error;
    }
  };
  try {
    return await retrying(attempt, { signal, pauseMs: PAUSE_MS, ...(timing ? { timing } : {}) });
  } finally {
    await (notReady as (() => Promise<void>) | null)?.();
  }
}
