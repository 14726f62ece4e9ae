import { type Logger, type Running, Wakeup } from '@abland/kernel';
import type pg from 'pg';
import { tryLead } from './leadership.js';

export interface AloneOptions {
  /** Names the lock: never changes. */
  readonly name: string;
  readonly pool: pg.Pool;
  readonly logger: Logger;
  readonly start: () => Promise<Running>;
  /** Milliseconds after which an instance that stands by tries to lead. */
  readonly standbyIntervalMs?: number;
}

/** Runs a part in one program at a time; the others stand by until its connection to the database ends. */
export function startAlone(options: AloneOptions): Running {
  const abort = new AbortController();
  const ended = leadUntil(options, abort.signal);
  ended.catch(() => undefined); // whoever awaits `ended` gets it; alone it must not end the program
  return {
    name: options.name,
    ended,
    async stop() {
      abort.abort();
      await ended.catch(() => undefined); // reported through `ended`
    },
  };
}

async function leadUntil(options: AloneOptions, signal: AbortSignal): Promise<void> {
  const { logger, name, pool, standbyIntervalMs = 1_000 } = options;
  const pause = new Wakeup();
  while (!signal.aborted) {
    const leadership = await tryLead(pool, name).catch((error: unknown) => {
      logger.warn({ err: error, name }, 'database out of reach');
      return null;
    });
    if (leadership === null) {
      await pause.wait(standbyIntervalMs, signal);
      continue;
    }
    try {
      logger.info({ name }, 'runs here');
      await runUntil(options.start, AbortSignal.any([signal, leadership.lost]));
    } finally {
      leadership.release();
    }
  }
}

/** Rejects where the part ends by itself. */
async function runUntil(start: () => Promise<Running>, signal: AbortSignal): Promise<void> {
  const part = await start();
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    await Promise.race([part.ended, aborted]);
  } finally {
    await part.stop();
  }
}
