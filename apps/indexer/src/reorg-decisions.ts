import type { ReorgDecision, ReorgDecisions } from '@abland/chain';
import { acceptedBranch, beginReorg, endReorg } from '@abland/postgres';
import type pg from 'pg';

/** Those of operators for a chain, which wait in the database for its indexer. */
export function decisionsIn(pool: pg.Pool, chainId: number): ReorgDecisions {
  const decision = (operationId: string, tipHash: string): ReorgDecision => ({
    tipHash,
    done: (reached, taken) => {
      const told = taken === null ? null : { blocks: taken.blocks, ancestor: taken.ancestor.number };
      return endReorg(pool, operationId, { kind: 'TAKEN', reached, taken: told });
    },
    failed: (code, reason) => endReorg(pool, operationId, { kind: 'FAILED', code, reason }),
  });
  return {
    async begin(tipHash) {
      const operationId = await beginReorg(pool, chainId, tipHash);
      return operationId === null ? null : decision(operationId, tipHash);
    },
    async begun() {
      const accepted = await acceptedBranch(pool, chainId);
      const isBegun = accepted !== null && accepted.begunAtTip !== null && accepted.outcome === null;
      return isBegun ? decision(accepted.operationId, accepted.begunAtTip ?? '') : null;
    },
  };
}
