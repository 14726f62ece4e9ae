import type { ReorgDecision, ReorgDecisions } from '@abland/chain';
import { acceptedBranch, beginReorg, endReorg } from '@abland/postgres';
import type pg from 'pg';

/** Those of operators for a chain, which wait in the database for its indexer. */
export function decisionsIn(pool: pg.Pool, chainId: number): ReorgDecisions {
  const decision = (operationId: string, tip: ReorgDecision['tip']): ReorgDecision => ({
    tip,
    done: (reached, taken) => {
      const told = taken === null ? null : { blocks: taken.blocks, ancestor: taken.ancestor.number };
      return endReorg(pool, operationId, { kind: 'TAKEN', reached, taken: told });
    },
    failed: (code, reason) => endReorg(pool, operationId, { kind: 'FAILED', code, reason }),
  });
  return {
    async begin(tip) {
      const operationId = await beginReorg(pool, chainId, tip);
      return operationId === null ? null : decision(operationId, tip);
    },
    async begun() {
      const accepted = await acceptedBranch(pool, chainId);
      if (accepted === null || accepted.begunAtTip === null || accepted.outcome !== null) return null;
      const tip = { hash: accepted.begunAtTip, number: accepted.begunAtNumber };
      return decision(accepted.operationId, tip);
    },
  };
}
