import {
  blocksByNumbers,
  type BlockView,
  chainHead,
  type ChainHead,
  finalityOf,
  poolAnalytics,
  type PoolAnalytics,
  poolsByIds,
  type PoolView,
  tokenAnalytics,
  type TokenAnalytics,
  tokensByAddresses,
  type TokenView,
} from '@abland/projections';
import DataLoader from 'dataloader';
import { createVotesLoader, type VotesLoader } from '../governance/votes-loader.js';
import type { ApiServices } from '../server/services.js';
import type { Finality } from './finality.types.js';
import { instantOf } from './instant.js';

/** Reads of one request, each kind batched into one query however many rows of a list ask. */
export interface MarketLoaders {
  head(): Promise<ChainHead>;
  finality(blockNumber: number): Promise<Finality>;
  /** Seconds since the epoch: the end of the windows of 24 hours. */
  now(): Promise<number>;
  readonly token: DataLoader<string, TokenView | null>;
  readonly pool: DataLoader<string, PoolView | null>;
  readonly tokenAnalytics: DataLoader<string, TokenAnalytics | null>;
  readonly poolAnalytics: DataLoader<string, PoolAnalytics | null>;
  readonly votes: VotesLoader;
}

export function createMarketLoaders({ readModel, clock, config }: ApiServices): MarketLoaders {
  const { chainId } = config.chain;
  let readHead: Promise<ChainHead> | null = null;
  const head = () => (readHead ??= chainHead(readModel, chainId));
  const blocks = new DataLoader<number, BlockView | null>(async (numbers) =>
    inOrder(numbers, await blocksByNumbers(readModel, { chainId, numbers }), (block) => block.number),
  );
  // The chain of a test may run ahead of the clock; a chain that stands still must not stop the windows.
  const now = async () => Math.max(Math.floor(clock() / 1000), (await head()).time ?? 0);
  return {
    head,
    now,
    async finality(blockNumber) {
      const [known, block] = await Promise.all([head(), blocks.load(blockNumber)]);
      const { state, confirmations } = finalityOf(blockNumber, known);
      return {
        status: state,
        confirmations,
        blockNumber,
        blockHash: block?.hash ?? null,
        blockTime: block === null ? null : instantOf(block.time),
      };
    },
    token: new DataLoader(async (addresses) =>
      inOrder(addresses, await tokensByAddresses(readModel, addresses), (token) => token.address),
    ),
    pool: new DataLoader(async (ids) => inOrder(ids, await poolsByIds(readModel, ids), (pool) => pool.id)),
    tokenAnalytics: new DataLoader(async (addresses) => {
      const found = await tokenAnalytics(readModel, { addresses, now: await now() });
      return addresses.map((address) => found.get(address) ?? null);
    }),
    poolAnalytics: new DataLoader(async (poolIds) => {
      const found = await poolAnalytics(readModel, { poolIds, now: await now() });
      return poolIds.map((id) => found.get(id) ?? null);
    }),
    votes: createVotesLoader(readModel),
  };
}

function inOrder<Key, Row>(
  keys: readonly Key[],
  rows: readonly Row[],
  keyOf: (row: Row) => Key | null,
): (Row | null)[] {
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => found.get(key) ?? null);
}
