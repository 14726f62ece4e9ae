import { ChainRpc, type Reconciler, type ReconcilerStatus, startReconciler } from '@abland/chain';
import type { EventStore, FailureClass, Logger, PartStatus, Running } from '@abland/kernel';
import type { ChainConfig } from '@abland/platform';
import { isMissingTable, postgresFailureClassOf, startAlone } from '@abland/postgres';
import {
  createReadModel,
  migrateReconciliation,
  ourValuesAfter,
  reconciliationProgress,
  withOurState,
  writeReconciliationProgress,
} from '@abland/projections';
import type pg from 'pg';

export interface ReconcilingParts {
  readonly chain: ChainConfig;
  /** 0: nothing is compared. */
  readonly callsPerMinute: number;
  /** The log, where it tells what differs. */
  readonly openLog: () => Promise<EventStore>;
  /** With the leases and the read models. */
  readonly pool: pg.Pool;
  readonly logger: Logger;
}

export interface AloneReconciler extends Running {
  status(): PartStatus;
  /** Null while this indexer does not compare the chain. */
  reconciled(): ReconcilerStatus | null;
}

/**
 * Compares the read models of a chain with what its providers say where no other indexer does, else stands by. Nothing else waits for
 * it: whatever fails in it is tried again.
 */
export function reconcileAlone({
  callsPerMinute,
  chain,
  logger,
  openLog,
  pool,
}: ReconcilingParts): AloneReconciler {
  const { chainId, contracts, requestsPerSecond, rpcUrls: urls, startBlock } = chain;
  const { liquidityManager, tokenFactory } = contracts;
  const reconciled = { chainId, liquidityManager, tokenFactory };
  const db = createReadModel(pool);
  let current: Reconciler | null = null;
  const alone = startAlone({
    name: `reconciliation-${chainId}`,
    pool,
    logger,
    start: async () => {
      await migrateReconciliation(pool);
      const eventStore = await openLog();
      const rpc = new ChainRpc({ urls, chainId, requestsPerSecond, logger });
      const reconciler = startReconciler({
        ...{ chainId, startBlock, callsPerMinute, eventStore, rpc, logger },
        ...{ classify, clock: Date.now },
        ours: {
          newest: (read) => withOurState(db, reconciled, read),
          after: (of, block) => ourValuesAfter(db, reconciled, of, block),
        },
        book: {
          read: () => reconciliationProgress(pool, chainId),
          write: (progress) => writeReconciliationProgress(pool, chainId, progress),
        },
      });
      current = reconciler;
      const stop = async (): Promise<void> => {
        current = null;
        await reconciler.stop();
        rpc.close();
        await eventStore.close();
      };
      return { ...reconciler, stop };
    },
  });
  const status = (): PartStatus => current?.status() ?? alone.status();
  return { ...alone, status, reconciled: () => current?.reconciled() ?? null };
}

/** Whoever makes the read models may be started later. */
const classify = (error: unknown): FailureClass =>
  isMissingTable(error) ? 'LATER' : postgresFailureClassOf(error);
