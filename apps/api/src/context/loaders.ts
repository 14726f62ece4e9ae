import {
  type At,
  blocksByNumbers,
  type BlockView,
  chainHead,
  type ChainHead,
  creationsOfTokens,
  finalityOf,
  foreignTokensByAddresses,
  type ForeignTokenView,
  poolAnalytics,
  type PoolAnalytics,
  poolsByIds,
  type PoolView,
  pricesIn,
  type PriceThroughPools,
  type ReadModel,
  type RequestView,
  tokenAnalytics,
  type TokenAnalytics,
  tokensByAddresses,
  type TokenView,
} from '@abland/projections';
import type { Clock } from '@abland/kernel';
import DataLoader from 'dataloader';
import type { Finality } from '../served-chains/finality.types.js';
import { instantOf } from '../graphql/instant.js';
import { createVotesLoader, type VotesLoader } from './votes-loader.js';

/** Reads of one request about one chain, each kind batched into one query however many rows of a list ask. */
export interface ChainLoaders {
  head(): Promise<ChainHead>;
  finality(blockNumber: number): Promise<Finality>;
  /** Seconds since the epoch: the end of the windows of 24 hours. */
  now(): Promise<number>;
  readonly token: DataLoader<string, TokenView | null>;
  /** What a token that the factory did not make says of itself; null where nothing is told of it. */
  readonly foreignToken: DataLoader<string, ForeignTokenView | null>;
  /** The request that a token was created by; null for one made at the contract directly. */
  readonly creation: DataLoader<string, RequestView | null>;
  readonly pool: DataLoader<string, PoolView | null>;
  readonly tokenAnalytics: DataLoader<string, TokenAnalytics | null>;
  readonly poolAnalytics: DataLoader<string, PoolAnalytics | null>;
  /** What a token costs in one that the asker names; null where no pools are between them. */
  priceIn(quote: string, token: string): Promise<PriceThroughPools | null>;
  readonly votes: VotesLoader;
}

/** Reads of one request: of each chain, and each state of it, by themselves. */
export class Loaders {
  private readonly chains = new Map<string, ChainLoaders>();

  constructor(
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  /** @param at absent or null: of the present state */
  of(chainId: number, at: At | null = null): ChainLoaders {
    const name = at === null ? `${chainId}` : `${chainId} ${at.field} ${at.position} ${at.time}`;
    const known = this.chains.get(name) ?? createChainLoaders(this.readModel, this.clock, chainId, at);
    this.chains.set(name, known);
    return known;
  }
}

function createChainLoaders(
  readModel: ReadModel,
  clock: Clock,
  chainId: number,
  at: At | null,
): ChainLoaders {
  // What was told on a day knew of that day's head. How sure a block of the chain as it is now is, is known now.
  const told = at?.field === 'recordedAt' || at?.field === 'position' ? at : null;
  let readHead: Promise<ChainHead> | null = null;
  const head = () => (readHead ??= chainHead(readModel, chainId, told));
  const blocks = new DataLoader<number, BlockView | null>(async (numbers) =>
    inOrder(
      numbers,
      await blocksByNumbers(readModel, { chainId, numbers, at: told }),
      (block) => block.number,
    ),
  );
  // The chain of a test may run ahead of the clock; a chain that stands still must not stop the windows.
  const now = async () => at?.time ?? Math.max(Math.floor(clock() / 1000), (await head()).time ?? 0);
  return {
    head,
    now,
    async finality(blockNumber) {
      const [known, block] = await Promise.all([head(), blocks.load(blockNumber)]);
      const { status, confirmations } = finalityOf(blockNumber, known);
      return {
        status,
        confirmations,
        blockNumber,
        blockHash: block?.hash ?? null,
        blockTime: block === null ? null : instantOf(block.time),
      };
    },
    token: new DataLoader(async (addresses) =>
      inOrder(
        addresses,
        await tokensByAddresses(readModel, { chainId, addresses, at }),
        (token) => token.address,
      ),
    ),
    foreignToken: new DataLoader(async (addresses) =>
      inOrder(
        addresses,
        await foreignTokensByAddresses(readModel, { chainId, addresses }),
        (token) => token.address,
      ),
    ),
    creation: new DataLoader(async (tokens) =>
      inOrder(tokens, await creationsOfTokens(readModel, { chainId, tokens }), (request) => request.token),
    ),
    pool: new DataLoader(async (ids) =>
      inOrder(ids, await poolsByIds(readModel, { chainId, ids, at }), (pool) => pool.id),
    ),
    tokenAnalytics: new DataLoader(async (addresses) => {
      const found = await tokenAnalytics(readModel, { chainId, addresses, now: await now(), at });
      return addresses.map((address) => found.get(address) ?? null);
    }),
    poolAnalytics: new DataLoader(async (poolIds) => {
      const found = await poolAnalytics(readModel, { chainId, poolIds, now: await now(), at });
      return poolIds.map((id) => found.get(id) ?? null);
    }),
    priceIn: loadPrices(readModel, chainId, at),
    votes: createVotesLoader(readModel, chainId),
  };
}

/** A loader for each token that is priced in. */
function loadPrices(readModel: ReadModel, chainId: number, at: At | null): ChainLoaders['priceIn'] {
  const loaders = new Map<string, DataLoader<string, PriceThroughPools | null>>();
  const loaderOf = (quote: string): DataLoader<string, PriceThroughPools | null> => {
    const known =
      loaders.get(quote) ??
      new DataLoader(async (addresses) => {
        const found = await pricesIn(readModel, { chainId, addresses, quote, at });
        return addresses.map((address) => found.get(address) ?? null);
      });
    loaders.set(quote, known);
    return known;
  };
  return (quote, token) => loaderOf(quote).load(token);
}

function inOrder<Key, Row>(
  keys: readonly Key[],
  rows: readonly Row[],
  keyOf: (row: Row) => Key | null,
): (Row | null)[] {
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => found.get(key) ?? null);
}
