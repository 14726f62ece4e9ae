import { type TransactionFailed, type TransactionPaid, ZERO_ADDRESS } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { BadEventError } from '../engine/errors.js';
import { type ChainPlace, chainPlaceOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { storableText } from '../engine/values.js';
import type { TransactionType } from './queries.js';
import { transactions } from './tables.js';

/** A transaction that did several things is shown as the weightiest: creating a pool also adds liquidity and transfers. */
const WEIGHTS = {
  TRANSFER: 1,
  DEACTIVATE_TOKEN: 2,
  SWAP: 3,
  ADD_LIQUIDITY: 4,
  REMOVE_LIQUIDITY: 5,
  CREATE_POOL: 6,
  CREATE_TOKEN: 7,
} as const satisfies Record<TransactionType, number>;

interface Deed {
  readonly type: TransactionType;
  /** Null where the fact does not say it. */
  readonly user: string | null;
  readonly token: string | null;
  readonly poolId: string | null;
}

const keyOf = ({ chainId, txHash }: ChainPlace) => ({ chain_id: chainId, tx_hash: txHash });

const deed = <Data>(deedOf: (data: Data) => Deed) => ({
  reads: (event: Pick<RecordedEvent, 'metadata'>) => [rowOf(transactions, keyOf(chainPlaceOf(event)))],
  apply: (event: Pick<RecordedEvent, 'metadata'> & { readonly data: Data }, rows: Rows): void =>
    record(chainPlaceOf(event), deedOf(event.data), rows),
});

interface OfUserAndPool {
  readonly user: string;
  readonly poolId: string;
}
const ofPool = (type: TransactionType) =>
  deed(({ user, poolId }: OfUserAndPool) => ({
    type,
    user: user === ZERO_ADDRESS ? null : user,
    token: null,
    poolId,
  }));

export const transactionsProjection: Projection = {
  name: 'transactions',
  version: 4,
  tables: [transactions],
  handlers: {
    TokenCreated: deed(({ tokenAddress, creator }: { tokenAddress: string; creator: string }) => ({
      type: 'CREATE_TOKEN',
      user: creator,
      token: tokenAddress,
      poolId: null,
    })),
    TokenDeactivated: deed(({ tokenAddress }: { tokenAddress: string }) => ({
      type: 'DEACTIVATE_TOKEN',
      user: null,
      token: tokenAddress,
      poolId: null,
    })),
    PoolCreated: deed(({ poolId }: { poolId: string }) => ({
      type: 'CREATE_POOL',
      user: null,
      token: null,
      poolId,
    })),
    LiquidityAdded: ofPool('ADD_LIQUIDITY'),
    LiquidityRemoved: ofPool('REMOVE_LIQUIDITY'),
    Swap: ofPool('SWAP'),
    Transfer: deed(({ contract, from }: { contract: string; from: string }) => ({
      type: 'TRANSFER',
      user: from === ZERO_ADDRESS ? null : from,
      token: contract,
      poolId: null,
    })),
    TransactionFailed: {
      reads: (event) => [rowOf(transactions, keyOf(chainPlaceWithoutLog(event)))],
      apply: (event, rows) => {
        const place = chainPlaceWithoutLog(event);
        rows.put(transactions, {
          ...keyOf(place),
          type: null,
          status: 'FAILED',
          failure_reason: event.data.reason === null ? null : storableText(event.data.reason),
          block_number: place.blockNumber,
          block_time: place.blockTime,
          first_log_index: place.logIndex,
          user_address: event.data.from,
          token: null,
          pool_id: null,
          command_id: place.commandId,
          ...UNPAID,
        });
      },
    },
    TransactionPaid: {
      reads: (event) => [rowOf(transactions, keyOf(chainPlaceWithoutLog(event)))],
      apply: (event, rows) => {
        const known = rows.get(transactions, keyOf(chainPlaceWithoutLog(event)));
        // What it did, if anything, comes before in its block.
        if (known !== undefined) rows.put(transactions, { ...known, ...paid(event.data) });
      },
    },
  },
};

const UNPAID = {
  ...{ payer: null, gas_used: null, gas_price: null, data_fee: null, cost: null },
  ...{ value: null, input: null, input_bytes: null },
};

const paid = ({ dataFee, gasPrice, gasUsed, payer, total, ...sent }: TransactionPaid['data']) => ({
  payer,
  gas_used: BigInt(gasUsed),
  gas_price: BigInt(gasPrice),
  data_fee: dataFee === null ? null : BigInt(dataFee),
  cost: BigInt(total),
  value: sent.value === null ? null : BigInt(sent.value),
  input: sent.input,
  input_bytes: sent.inputBytes,
});

/** No log stands for a reverted transaction: in its block it comes before those that left one. */
function chainPlaceWithoutLog({
  metadata,
  data,
}: RecordedEvent<TransactionFailed | TransactionPaid>): ChainPlace {
  const { chain } = metadata;
  if (chain === undefined) throw new BadEventError('A transaction without its block');
  return { ...chain, txHash: data.txHash, logIndex: -1 };
}

function record(place: ChainPlace, { type, user, token, poolId }: Deed, rows: Rows): void {
  const known = rows.get(transactions, keyOf(place));
  if (known === undefined) {
    rows.put(transactions, {
      ...UNPAID,
      chain_id: place.chainId,
      tx_hash: place.txHash,
      type,
      status: 'CONFIRMED',
      failure_reason: null,
      block_number: place.blockNumber,
      block_time: place.blockTime,
      first_log_index: place.logIndex,
      user_address: user ?? ZERO_ADDRESS,
      token,
      pool_id: poolId,
      command_id: place.commandId,
    });
    return;
  }
  if (weigh(known) >= WEIGHTS[type]) {
    // A lighter fact may still name who acted, where the weightier one did not.
    if (known.user_address === ZERO_ADDRESS && user !== null) {
      rows.put(transactions, { ...known, user_address: user });
    }
    return;
  }
  rows.put(transactions, {
    ...known,
    type,
    user_address: user ?? known.user_address,
    token,
    pool_id: poolId,
  });
}

const weigh = (row: RowOf<typeof transactions>): number =>
  row.type === null ? 0 : WEIGHTS[row.type as TransactionType];
