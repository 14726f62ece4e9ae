import { type Reconciled, type ReconciledKind, type ReconciledValues, ZERO_ADDRESS } from '@abland/domain';
import { sql } from 'kysely';
import { contractSettings } from '../contracts/tables.js';
import { holdings, tokenSupplies } from '../holdings/tables.js';
import { pools } from '../pools/tables.js';
import { liquidityPositions } from '../positions/tables.js';
import type { AnyTable } from '../engine/table.js';
import type { Reads } from '../read-model/moment.js';
import type { Sql } from '../read-model/tables.js';

/** Whose read models are compared. */
export interface ReconciledChain {
  readonly chainId: number;
  readonly tokenFactory: string;
  readonly liquidityManager: string;
}

type Row = Readonly<Record<string, string | boolean | null>>;

/** How the rows of one kind are found and read. */
export interface KindOfRows {
  readonly table: AnyTable;
  /** What names a row, beside its chain, in the order that they are gone through. */
  readonly key: readonly string[];
  /** Which rows `r` the chain can be asked about. */
  readonly where: (chain: ReconciledChain) => Sql;
  readonly keyOf: (of: Reconciled) => readonly string[];
  readonly reconciledBy: (key: readonly string[], chain: ReconciledChain) => Reconciled;
  readonly values: (row: Row) => ReconciledValues;
}

/** All that is read of one moment. */
export const RECONCILED_READS: Reads = {
  holdings: [holdings, tokenSupplies],
  pools: [pools],
  positions: [liquidityPositions],
  swaps: [contractSettings],
};
const nobody = { poolId: null, account: null } as const;

/** Tokens of others may say of themselves what they please. */
const ofOurToken = ({ chainId }: ReconciledChain): Sql => sql`EXISTS (
  SELECT 1 FROM read_model.tokens t WHERE t.chain_id = ${chainId}::bigint AND t.address = r.token)`;

const text = (row: Row, name: string): string => String(row[name] ?? '0');

/** What the row has, under the names of the contracts. */
const named =
  (columns: Readonly<Record<string, string>>) =>
  (row: Row): ReconciledValues =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, text(row, column)]));

export const KINDS: Readonly<Record<ReconciledKind, KindOfRows>> = {
  SETTINGS: {
    table: contractSettings,
    key: ['contract'],
    where: ({ liquidityManager, tokenFactory }) =>
      sql`r.contract = ANY(${[liquidityManager, tokenFactory]}::text[])`,
    keyOf: ({ contract }) => [contract],
    reconciledBy: ([contract = '']) => ({ kind: 'SETTINGS', contract, ...nobody }),
    values: (row) => ({
      ...named({ owner: 'owner', pendingOwner: 'pending_owner', feeRecipient: 'fee_recipient' })(row),
      ...(row['swap_fee'] === null
        ? named({ creationFee: 'creation_fee' })(row)
        : named({
            guardian: 'guardian',
            // One that tells until when is asked for that: its pause ends without a word.
            ...(row['paused_until'] === null ? { paused: 'paused' } : { pausedUntil: 'paused_until' }),
            ...{ swapFee: 'swap_fee', protocolFee: 'protocol_fee' },
          })(row)),
    }),
  },
  POOL: {
    table: pools,
    key: ['pool_id'],
    where: () => sql`true`,
    keyOf: ({ poolId }) => [poolId ?? ''],
    reconciledBy: ([poolId = ''], { liquidityManager: contract }) => ({
      ...{ kind: 'POOL', contract, poolId, account: null },
    }),
    values: named({ reserveA: 'reserve_a', reserveB: 'reserve_b', totalLiquidity: 'total_liquidity' }),
  },
  SUPPLY: {
    table: tokenSupplies,
    key: ['token'],
    where: ofOurToken,
    keyOf: ({ contract }) => [contract],
    reconciledBy: ([contract = '']) => ({ kind: 'SUPPLY', contract, ...nobody }),
    values: named({ totalSupply: 'supply' }),
  },
  POSITION: {
    table: liquidityPositions,
    key: ['pool_id', 'owner'],
    // The locked minimum belongs to nobody, on the chain too.
    where: () => sql`r.owner <> ${ZERO_ADDRESS}`,
    keyOf: ({ account, poolId }) => [poolId ?? '', account ?? ''],
    reconciledBy: ([poolId = '', account = ''], { liquidityManager: contract }) => ({
      ...{ kind: 'POSITION', contract, poolId, account },
    }),
    values: named({ liquidity: 'liquidity' }),
  },
  BALANCE: {
    table: holdings,
    key: ['token', 'holder'],
    where: ofOurToken,
    keyOf: ({ account, contract }) => [contract, account ?? ''],
    reconciledBy: ([contract = '', account = '']) => ({
      ...{ kind: 'BALANCE', contract, poolId: null, account },
    }),
    values: named({ balance: 'balance' }),
  },
};
