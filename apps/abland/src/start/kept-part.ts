import { type Logger, type PartRun, supervise, systemTiming, type Timing, orAborted } from '@abland/kernel';

/** A part in a process of its own. */
export interface Part {
  /** Rejects where it ends by itself. */
  readonly ended: Promise<unknown>;
  /** Lets it go on where somebody stopped it. */
  goOn(): void;
  stop(): Promise<void>;
}

export interface KeptPart<Kind extends Part> {
  /** As it first started; a part that is started again has the same address. */
  readonly first: Kind;
  /** As of the part, as it now runs. */
  goOn(): void;
  stop(): Promise<void>;
}

const PAUSE_MS = { min: 50, max: 5_000 };
/** What dies sooner after its start has achieved nothing: the pauses go on growing. */
const SETTLED_MS = 10_000;
/** A database that was cut off may have much to recover when it is started. */
const STOP_WITHIN_MS = 20_000;

/** Starts a part again whenever it dies, with growing pauses: whoever uses it finds it back at the same place. */
export async function keepPart<Kind extends Part>(
  name: string,
  start: (previous: Kind | null) => Promise<Kind>,
  logger: Logger,
  timing: Timing = systemTiming,
): Promise<KeptPart<Kind>> {
  const first = await start(null);
  let current = first;
  let alive = true;
  const run = async ({ progress, signal }: PartRun): Promise<void> => {
    if (!alive) {
      current = await start(current);
      logger.info({ part: name }, `${name} is back`);
    }
    alive = true;
    const over = new AbortController();
    void timing.pause(SETTLED_MS, over.signal).then(() => {
      if (!over.signal.aborted) progress();
    });
    try {
      await orAborted(current.ended, signal);
    } finally {
      alive = false;
      over.abort();
    }
  };
  const supervised = supervise(
    { name, run },
    {
      ...{ logger, timing, pauseMs: PAUSE_MS, stopWithinMs: STOP_WITHIN_MS },
      classify: () => 'LATER', // whatever a process died of, it is started again
    },
  );
  return {
    first,
    goOn: () => current.goOn(),
    async stop() {
      await supervised.stop();
      await current.stop();
    },
  };
}
