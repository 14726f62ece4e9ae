import { joined, type Logger, within } from '@abland/kernel';
import { answersVersions } from '@abland/projections';
import type pg from 'pg';

/** Whoever asks waits no longer for a database that does not answer. */
const ANSWER_MS = 1_000;

/**
 * Tells `answersVersions` of the database that queries read; where that one does not answer, the last that is known of it, none at first.
 * How the builds are is written elsewhere, and wanted most when something is away.
 */
export function knownAnswersVersions(
  pool: pg.Pool,
  logger: Logger,
): () => Promise<ReadonlyMap<string, string>> {
  let known: ReadonlyMap<string, string> = new Map();
  let isAway = false;
  const look = joined(async () => {
    try {
      known = await answersVersions(pool);
      isAway = false;
    } catch (error) {
      if (!isAway) logger.warn({ err: error }, 'builds are told without what queries answer by now');
      isAway = true;
    }
  });
  return async () => {
    await within(ANSWER_MS, 'what queries answer by now', look()).catch(() => undefined);
    return known;
  };
}
