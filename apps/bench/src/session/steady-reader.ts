/** A client that asks so often a second, however long the answers take. */
export interface SteadyReader {
  /** What came of it since this was asked last. */
  take(): Reading;
  stop(): Promise<void>;
}

export interface Reading {
  readonly answers: number;
  /** Requests that were refused, broke, or were answered without what was asked for. */
  readonly failed: number;
  /** Milliseconds from when each was to be sent. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const PATIENCE_MS = 30_000;

/** @param isWhole whether an answer's body holds all that was asked for */
export function readSteadily(options: {
  readonly url: string;
  readonly query: string;
  readonly perSecond: number;
  readonly isWhole: (body: string) => boolean;
}): SteadyReader {
  const { isWhole, perSecond, query, url } = options;
  const body = JSON.stringify({ query });
  const open = new Set<Promise<void>>();
  let took: number[] = [];
  let failed = 0;
  let due = performance.now();
  const ask = async (since: number): Promise<void> => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (!isWhole(await response.text())) failed += 1;
    } catch {
      failed += 1;
    }
    took.push(performance.now() - since);
  };
  const timer = setInterval(() => {
    for (const now = performance.now(); due <= now; due += 1_000 / perSecond) {
      const asked: Promise<void> = ask(due).finally(() => open.delete(asked));
      open.add(asked);
    }
  }, 5);
  return {
    take() {
      const sorted = took.toSorted((a, b) => a - b);
      const reading = { answers: sorted.length, failed, ...of(sorted) };
      took = [];
      failed = 0;
      return reading;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}

const of = (sorted: readonly number[]): Pick<Reading, 'p50' | 'p99' | 'max'> => {
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
};
