import {
  failureClassOf,
  type Logger,
  mayPass,
  type PartRun,
  supervise,
  type Supervised,
  systemTiming,
  within,
} from '@abland/kernel';

export interface ChainCheck {
  readonly chainId: number;
  /** Whether this program works for no other chain: what refuses it refuses the start then. */
  readonly isOnly: boolean;
  /** Of the chain, and of our account on it: once, before anything is sent. */
  readonly open: () => Promise<void>;
  /** Of the chain, ever again: a provider may be exchanged, or restored from a backup. */
  readonly require: () => Promise<void>;
  readonly logger: Logger;
  readonly intervalMs?: number;
  /** Milliseconds that a check after the first one may take. */
  readonly limitMs?: number;
}

const PAUSE_MS = { min: 500, max: 5_000 };
const FAILED_PAUSE_MS = 10_000;
/** With the limit less than ten seconds: for so long may a chain be gone that the program is said to be ready with. */
const INTERVAL_MS = 3_000;
const LIMIT_MS = 5_000;
/** What is refused at the start is a setting; whatever else is found out, or found out later, is told, and asked again. */
const COMES_UP_WITH: ReadonlySet<unknown> = new Set(['REORG_TOO_DEEP']);

/**
 * Checks a chain at once, and from then on again and again; the program is not ready while it is not as it must be.
 * @throws what refuses an only chain, so that a wrong address is noticed at once; found out later, it ends nothing
 */
export async function checkedChain(check: ChainCheck): Promise<Supervised> {
  const { chainId, intervalMs = INTERVAL_MS, isOnly, limitMs = LIMIT_MS, logger, open, require } = check;
  let isKnown = await open().then(
    () => true,
    (error: unknown) => {
      const passes = mayPass(failureClassOf(error)) || COMES_UP_WITH.has((error as { code?: unknown }).code);
      if (!passes && isOnly) throw error;
      logger.warn({ err: error, chainId }, 'the chain is not as it must be, trying again');
      return false;
    },
  );
  let isOpen = isKnown;
  const run = async ({ progress, signal }: PartRun): Promise<void> => {
    if (!isKnown) await (isOpen ? require() : open());
    isOpen = true;
    isKnown = false; // when it is run again, something was wrong
    for (;;) {
      progress();
      await systemTiming.pause(intervalMs, signal);
      if (signal.aborted) return;
      await within(limitMs, 'checking the chain', require());
    }
  };
  return supervise(
    { name: `chain-${chainId}`, run },
    { logger, pauseMs: PAUSE_MS, failedPauseMs: FAILED_PAUSE_MS },
  );
}
