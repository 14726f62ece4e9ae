import {
  failureClassOf,
  type Logger,
  mayPass,
  type PartRun,
  supervise,
  type Supervised,
  whenAborted,
} from '@abland/kernel';

const PAUSE_MS = { min: 500, max: 5_000 };

/**
 * Checks a chain, at once and, where it cannot be asked, until it can; the program is not ready meanwhile.
 * @throws what refuses the chain, so that a wrong address is noticed at once; found out later, it ends this part
 */
export async function checkedChain({
  chainId,
  check,
  logger,
}: {
  readonly chainId: number;
  readonly check: () => Promise<void>;
  readonly logger: Logger;
}): Promise<Supervised> {
  let isChecked = await check().then(
    () => true,
    (error: unknown) => {
      if (!mayPass(failureClassOf(error))) throw error;
      logger.warn({ err: error, chainId }, 'the chain cannot be asked, trying again');
      return false;
    },
  );
  const run = async ({ progress, signal }: PartRun): Promise<void> => {
    if (!isChecked) await check();
    isChecked = true;
    progress();
    await whenAborted(signal);
  };
  return supervise(
    { name: `chain-${chainId}`, run },
    { logger, pauseMs: PAUSE_MS, endsOn: (_error, failureClass) => failureClass === 'WRONG' },
  );
}
