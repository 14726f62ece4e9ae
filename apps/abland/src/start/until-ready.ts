const PAUSE_MS = 25;
const ANSWER_WITHIN_MS = 5_000;

/**
 * Until the read models have caught up with the chain, answers would be of the past. Returns whether they have in time.
 * @throws what a program ended with, or the signal's reason
 */
export async function untilReady(
  apiUrl: string,
  ended: Promise<void>,
  signal: AbortSignal,
  withinMs: number,
): Promise<boolean> {
  const over = ended.then((): never => {
    throw new Error('A program ended by itself');
  });
  over.catch(() => undefined); // also comes to this long after the start
  for (const end = performance.now() + withinMs; performance.now() < end;) {
    signal.throwIfAborted();
    if (await Promise.race([isReady(apiUrl), over])) return true;
    await Promise.race([new Promise((resolve) => setTimeout(resolve, PAUSE_MS)), over]);
  }
  return false;
}

function isReady(apiUrl: string): Promise<boolean> {
  return fetch(`${apiUrl}/ready`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).then(
    (response) => response.ok,
    () => false, // nothing listens yet, or it has no time
  );
}
