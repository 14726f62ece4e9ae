import type { Selectable } from 'kysely';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';

/** What a contract of ours is set to; null where it never said, for it has none. */
export interface ContractSettings {
  readonly chainId: number;
  readonly contract: string;
  readonly paused: boolean;
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

/** Null where the contract never said anything. */
export async function contractSettingsOf(
  db: ReadModel,
  input: { readonly chainId: number; readonly contract: string },
): Promise<ContractSettings | null> {
  const row = await db
    .selectFrom('contract_settings')
    .selectAll()
    .where('chain_id', '=', String(input.chainId))
    .where('contract', '=', input.contract)
    .executeTakeFirst();
  return row === undefined ? null : settingsView(row);
}

/** Of all contracts of a chain that ever said something, by address. */
export async function contractSettingsNow(
  db: ReadModel,
  chainId: number,
): Promise<readonly ContractSettings[]> {
  const rows = await db
    .selectFrom('contract_settings')
    .selectAll()
    .where('chain_id', '=', String(chainId))
    .orderBy('contract')
    .execute();
  return rows.map(settingsView);
}

const numberOf = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

function settingsView(row: Selectable<ReadModelDatabase['contract_settings']>): ContractSettings {
  return {
    chainId: Number(row.chain_id),
    contract: row.contract,
    paused: row.paused,
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
