import { poolsByIds, type ReadModel } from '@abland/projections';
import type { RecordedEvent } from '@abland/kernel';
import { type Pool, poolOf } from '../../market/pool.types.js';
import { namedBy, type OncePerChange, type Topic } from './topic.js';

/** Pools that were opened, traded in, or whose liquidity changed. @param poolIds null: all */
export function poolsTopic(
  readModel: ReadModel,
  once: OncePerChange,
  poolIds: ReadonlySet<string> | null,
): Topic<Pool> {
  return {
    name: 'pools',
    idsOf: (change) =>
      once
        .get(change, 'pool ids', () => namedBy(change, poolsOf))
        .filter((id) => poolIds === null || poolIds.has(id)),
    async read(change, ids) {
      const { chainId } = change;
      const all = await once.get(change, 'pools', () =>
        poolsByIds(readModel, { chainId, ids: namedBy(change, poolsOf) }),
      );
      const found = new Map(all.map((view) => [view.id, view]));
      return ids.flatMap((id) => found.get(id) ?? []).map((view) => poolOf(view));
    },
  };
}

const poolsOf = ({ data }: RecordedEvent): readonly unknown[] => [data['poolId']];
