import type { RecordedEvent } from '@abland/kernel';
import { chainPlaceOf, type Handlers, rowOf, type RowReference, type Rows } from '../engine/projection.js';
import type { KeyOf, RowOf } from '../engine/table.js';
import { contractSettings, feeChanges } from './tables.js';

type OfContract = Pick<RecordedEvent, 'metadata'> & { readonly data: { readonly contract: string } };
type FeeEvent = OfContract & { readonly data: { readonly oldFee: string; readonly newFee: string } };
type Settings = RowOf<typeof contractSettings>;
type Setting = Partial<Omit<Settings, keyof KeyOf<typeof contractSettings> | 'updated_block'>>;

const keyOf = (event: OfContract) => ({
  chain_id: chainPlaceOf(event).chainId,
  contract: event.data.contract,
});

const UNTOLD = {
  paused: false,
  paused_until: null,
  owner: null,
  pending_owner: null,
  guardian: null,
  fee_recipient: null,
  swap_fee: null,
  protocol_fee: null,
  creation_fee: null,
};

/** The row that says what the contract of an event is set to. */
export const settingsRow = (event: OfContract): RowReference => rowOf(contractSettings, keyOf(event));

/** What the contract of an event is set to. @throws BadEventError where it never said anything before */
export const settingsAt = (event: OfContract, rows: Rows): Settings =>
  rows.require(contractSettings, keyOf(event));

function change(event: OfContract, setting: Setting, rows: Rows): void {
  const known = rows.get(contractSettings, keyOf(event)) ?? UNTOLD;
  const updated_block = chainPlaceOf(event).blockNumber;
  rows.put(contractSettings, { ...known, ...keyOf(event), ...setting, updated_block });
}

/** A handler that sets what its event says. */
const set = <Event extends OfContract>(setting: (data: Event['data'], known: Setting) => Setting) => ({
  reads: (event: Event) => [settingsRow(event)],
  apply: (event: Event, rows: Rows): void =>
    change(event, setting(event.data, rows.get(contractSettings, keyOf(event)) ?? UNTOLD), rows),
});

const FEES = { SWAP: 'swap_fee', PROTOCOL: 'protocol_fee', TOKEN_CREATION: 'creation_fee' } as const;

const setFee = (kind: keyof typeof FEES) => ({
  reads: (event: FeeEvent) => [settingsRow(event)],
  apply: (event: FeeEvent, rows: Rows): void => {
    const { chainId, blockNumber, blockTime, logIndex, txHash } = chainPlaceOf(event);
    const value = BigInt(event.data.newFee);
    change(event, { [FEES[kind]]: value }, rows);
    rows.insert(feeChanges, {
      chain_id: chainId,
      block_number: blockNumber,
      log_index: logIndex,
      kind,
      old_value: BigInt(event.data.oldFee),
      new_value: value,
      tx_hash: txHash,
      block_time: blockTime,
    });
  },
});

/** How contracts are set, and every change of a fee. */
export const settingsHandlers = {
  Paused: set(() => ({ paused: true })),
  PausedUntil: set<OfContract & { data: { until: number } }>(({ until }) => ({ paused_until: until })),
  Unpaused: set((_, { paused_until = null }) => ({
    paused: false,
    paused_until: paused_until === null ? null : 0,
  })),
  OwnershipTransferStarted: set<OfContract & { data: { newOwner: string } }>(({ newOwner }) => ({
    pending_owner: newOwner,
  })),
  OwnershipTransferred: set<OfContract & { data: { newOwner: string } }>(({ newOwner }) => ({
    owner: newOwner,
    pending_owner: null,
  })),
  GuardianUpdated: set<OfContract & { data: { newGuardian: string } }>(({ newGuardian }) => ({
    guardian: newGuardian,
  })),
  FeeRecipientUpdated: set<OfContract & { data: { newRecipient: string } }>(({ newRecipient }) => ({
    fee_recipient: newRecipient,
  })),
  SwapFeeUpdated: setFee('SWAP'),
  ProtocolFeeUpdated: setFee('PROTOCOL'),
  CreationFeeUpdated: setFee('TOKEN_CREATION'),
} satisfies Handlers;
