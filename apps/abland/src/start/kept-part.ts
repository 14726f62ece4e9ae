import type { Logger } from '@abland/kernel';

/** A part in a process of its own. */
export interface Part {
  /** Rejects where it ends by itself. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

export interface KeptPart<Kind extends Part> {
  /** As it first started; a part that is started again has the same address. */
  readonly first: Kind;
  /** Rejects once starting it again is given up. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

const RESTARTS_MAX = 10;
const WITHIN_MS = 60_000;

/** Starts a part again when it dies, unless it dies too often: whoever uses it finds it back at the same place. */
export async function keepPart<Kind extends Part>(
  name: string,
  start: (previous: Kind | null) => Promise<Kind>,
  logger: Logger,
): Promise<KeptPart<Kind>> {
  const first = await start(null);
  let current = first;
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();
  const deaths: number[] = [];
  const { promise: ended, reject: giveUp } = Promise.withResolvers<never>();
  ended.catch(() => undefined); // awaited by whoever runs the system, perhaps later

  const watch = (): void => {
    void current.ended.catch((error: unknown) => {
      if (!stopping) restarting = restart(error).catch(giveUp);
    });
  };
  const restart = async (error: unknown): Promise<void> => {
    const now = Date.now();
    deaths.push(now);
    if (deaths.filter((at) => now - at < WITHIN_MS).length > RESTARTS_MAX) throw error;
    logger.warn({ part: name, err: error }, `${name} ended by itself; starting it again`);
    current = await start(current);
    logger.info({ part: name }, `${name} is back`);
    watch();
  };

  watch();
  return {
    first,
    ended,
    async stop() {
      stopping = true;
      await restarting;
      await current.stop();
    },
  };
}
