import { type RawBuilder, type Selectable, sql } from 'kysely';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import { contractSettings } from './tables.js';

/** What a contract of ours is set to; null where it never said, for it has none. */
export interface ContractSettings {
  readonly chainId: number;
  readonly contract: string;
  /** Whether it is at the moment that is asked for: a pause may end by itself. */
  readonly paused: boolean;
  /** Seconds since the epoch at which its pause ends by itself; null where it is not paused, or until somebody ends it. */
  readonly pausedUntil: number | null;
  readonly owner: string | null;
  /** Who was named as the next owner and has yet to accept. */
  readonly pendingOwner: string | null;
  /** Who may pause it beside its owner; address zero for nobody. */
  readonly guardian: string | null;
  readonly feeRecipient: string | null;
  /** Basis points of 10,000. */
  readonly swapFee: bigint | null;
  /** Basis points of 10,000; the protocol's part inside the swap fee. */
  readonly protocolFee: bigint | null;
  /** Wei. */
  readonly creationFee: bigint | null;
  /** The block of the newest change. */
  readonly updatedBlock: number;
}

type SettingsRow = Selectable<ReadModelDatabase['contract_settings']> & { readonly is_paused: boolean };

/** Whether a contract is paused then, or now where no other state is asked for. */
const isPaused = (at: At | null | undefined) => {
  const time = at ? sql`${at.time}::bigint` : sql`extract(epoch FROM clock_timestamp())`;
  return sql`s.paused AND (s.paused_until IS NULL OR s.paused_until > ${time}) AS is_paused`;
};

/** Kept beside the swaps, which pay by them. */
const READS = { swaps: [contractSettings] };

/** Null where the contract never said anything. */
export async function contractSettingsOf(
  db: ReadModel,
  input: { readonly chainId: number; readonly contract: string; readonly at?: At | null | undefined },
): Promise<ContractSettings | null> {
  const key = { chain_id: sql`${input.chainId}::bigint`, contract: sql`${input.contract}::text` };
  const [row] = await readAt<SettingsRow>(
    db,
    READS,
    input.at,
    (tables) => sql`SELECT s.*, ${isPaused(input.at)} FROM ${tables.row(contractSettings, 's', key)}`,
  );
  return row === undefined ? null : settingsView(row);
}

/** Of all contracts of a chain that ever said something, by address. */
export async function contractSettingsNow(
  db: ReadModel,
  chainId: number,
  at?: At | null,
): Promise<readonly ContractSettings[]> {
  const ofChain = (row: RawBuilder<unknown>) => sql`${row}.chain_id = ${chainId}::bigint`;
  const rows = await readAt<SettingsRow>(
    db,
    READS,
    at,
    (tables) =>
      sql`SELECT s.*, ${isPaused(at)} FROM ${tables.rows(contractSettings, 's', sql`true`, ofChain)}
        ORDER BY s.contract`,
  );
  return rows.map(settingsView);
}

const numberOf = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

function settingsView(row: SettingsRow): ContractSettings {
  return {
    chainId: Number(row.chain_id),
    contract: row.contract,
    paused: row.is_paused,
    pausedUntil: row.is_paused && row.paused_until !== null ? Number(row.paused_until) : null,
    owner: row.owner,
    pendingOwner: row.pending_owner,
    guardian: row.guardian,
    feeRecipient: row.fee_recipient,
    swapFee: numberOf(row.swap_fee),
    protocolFee: numberOf(row.protocol_fee),
    creationFee: numberOf(row.creation_fee),
    updatedBlock: Number(row.updated_block),
  };
}
