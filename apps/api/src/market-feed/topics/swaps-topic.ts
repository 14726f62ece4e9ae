import {
  AsOfError,
  type At,
  feesOfSwaps,
  type FeesOfSwap,
  type ReadModel,
  type SwapFilter,
} from '@abland/projections';
import type { Swap as SwapFact } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { instantOf } from '../../graphql/instant.js';
import type { Swap } from '../../market/swap.types.js';
import { type ChainChange, chainReferenceOf } from '../changes/chain-change.js';
import type { OncePerChange, Topic } from './topic.js';

type SwapEvent = RecordedEvent<SwapFact>;

/** Each swap, as the log has it, with the fee that it paid. */
export function swapsTopic(readModel: ReadModel, once: OncePerChange, filter: SwapFilter): Topic<Swap> {
  const isWanted = ({ data }: SwapEvent): boolean =>
    (filter.poolId === undefined || filter.poolId === data.poolId) &&
    (filter.user === undefined || filter.user === data.user) &&
    (filter.token === undefined || filter.token === data.tokenIn || filter.token === data.tokenOut);
  return {
    name: 'swaps',
    idsOf: (change) => swapsOf(change).filter(isWanted).map(idOf),
    async read(change, ids) {
      if (change.reverted !== null) return [];
      const all = await once.get(change, 'swaps', () => readSwaps(readModel, change));
      const wanted = new Set(ids);
      return all.filter(({ id }) => wanted.has(id));
    },
  };
}

const swapsOf = ({ facts }: ChainChange): readonly SwapEvent[] =>
  facts.filter(({ type }) => type === 'Swap') as unknown as readonly SwapEvent[];

function idOf(event: SwapEvent): string {
  const { blockNumber, chainId, logIndex } = chainReferenceOf(event);
  return `${chainId}-${blockNumber}-${logIndex}`;
}

async function readSwaps(readModel: ReadModel, change: ChainChange): Promise<readonly Swap[]> {
  const events = swapsOf(change);
  const fees = new Map<string, FeesOfSwap>();
  const lacking = () => events.filter((event) => !fees.has(idOf(event)));
  for (const at of [null, stateAfter(change)]) {
    const missing = lacking();
    if (missing.length === 0) break;
    for (const [id, found] of await feesOf(readModel, change.chainId, missing, at)) fees.set(id, found);
  }
  // Put aside by the read models; or taken back so long ago that nothing is kept of it.
  const known = events.filter((event) => fees.has(idOf(event)));
  return known.map((event) => swapOf(event, fees.get(idOf(event)) as FeesOfSwap));
}

/** What was told then, whatever a reorg took of it since. */
const stateAfter = ({ chainId, block, place }: ChainChange): At => ({
  ...{ chainId, field: 'position', position: `${place.position}`, time: block.time, until: null },
});

/** Of those that are there: a reorg may have put another one in the place, or nothing. */
async function feesOf(
  readModel: ReadModel,
  chainId: number,
  events: readonly SwapEvent[],
  at: At | null,
): Promise<ReadonlyMap<string, FeesOfSwap>> {
  const places = events.map((event) => {
    const { blockNumber, logIndex } = chainReferenceOf(event);
    return { blockNumber, logIndex: logIndex ?? -1 };
  });
  const found = await feesOfSwaps(readModel, { chainId, places, at }).catch((error: unknown) => {
    if (error instanceof AsOfError) return [];
    throw error;
  });
  const byId = new Map(found.map((one) => [`${chainId}-${one.blockNumber}-${one.logIndex}`, one]));
  return new Map(
    events.flatMap((event) => {
      const { blockTime, txHash } = chainReferenceOf(event);
      const one = byId.get(idOf(event));
      return one?.txHash === txHash && one?.blockTime === blockTime ? [[idOf(event), one]] : [];
    }),
  );
}

function swapOf(event: SwapEvent, { fee, protocolFee }: FeesOfSwap): Swap {
  const { amountIn, amountOut, poolId, tokenIn, tokenOut, user } = event.data;
  const { blockNumber, blockTime, chainId, commandId, logIndex, txHash } = chainReferenceOf(event);
  return {
    ...{ id: idOf(event), chainId, poolId, user, tokenIn, tokenOut, amountIn, amountOut, fee, protocolFee },
    ...{ txHash: txHash ?? '', blockNumber, logIndex: logIndex ?? -1, commandId },
    time: instantOf(blockTime),
  };
}
