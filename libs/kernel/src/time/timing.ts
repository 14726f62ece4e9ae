/** What pauses are made of; passed in, so that tests decide how time passes. */
export interface Timing {
  /** Milliseconds of a clock that never goes back: for durations alone. */
  now(): number;
  /** At least 0 and below 1. */
  random(): number;
  /** Returns after so many milliseconds or at the abort, whichever comes first. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Settles when the signal aborts. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** What some work comes to, or nothing once the signal aborts before. Whichever it is, nothing of it stays with the signal. */
export async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result | void> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** What some work comes to. Once the signal aborts before, it is left to itself, and nobody hears of it. @throws the signal's reason */
export async function unlessAborted<Result>(work: Promise<Result>, signal?: AbortSignal): Promise<Result> {
  if (signal === undefined) return work;
  work.catch(() => undefined);
  await orAborted(work, signal);
  signal.throwIfAborted();
  return work;
}

export const systemTiming: Timing = {
  now: () => performance.now(),
  // eslint-disable-next-line no-restricted-properties -- spreads retries and decides nothing
  random: () => Math.random(),
  pause: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};
