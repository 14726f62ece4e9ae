import { type Logger, systemTiming, within } from '@abland/kernel';
import type pg from 'pg';
import { socketOf } from './postgres-client.js';

const END_MS_MAX = 2_000;

/**
 * Ends a connection without waiting for ever: a peer that is gone does not say goodbye. What it still has in hand fails. Never
 * throws: of a connection that is lost already there is nothing left to end.
 */
export async function endClient(client: pg.Client, msMax = END_MS_MAX): Promise<void> {
  try {
    await within(msMax, 'ending a connection to PostgreSQL', client.end());
  } catch {
    socketOf(client)?.destroy();
  }
}

/**
 * Ends the connection when the signal has aborted and what it has in hand does not come to an end by itself within so many
 * milliseconds. Returns the function that calls this off.
 */
export function endAfterAbort(
  client: pg.Client,
  signal: AbortSignal,
  graceMs: number,
  logger: Logger,
): () => void {
  const calledOff = new AbortController();
  const onAbort = async (): Promise<void> => {
    await systemTiming.pause(graceMs, calledOff.signal);
    if (calledOff.signal.aborted) return;
    logger.warn({ graceMs }, 'work on a connection does not end, ending the connection');
    await endClient(client);
  };
  const listener = (): void => void onAbort();
  if (signal.aborted) listener();
  signal.addEventListener('abort', listener, { once: true, signal: calledOff.signal });
  return () => calledOff.abort();
}
