import { describe, it } from '@jest/globals';
import { swapsProjection } from '../swaps/projection.js';
import { specify } from '../testing/specification.js';
import { fact, onChain, type Place, txHash } from '../testing/told-events.js';
import { contractSettings, feeChanges } from './tables.js';

const [MANAGER, FACTORY, OWNER, HEIR, GUARDIAN, TREASURY, ZERO] = ['1', '2', 'a', 'b', 'd', 'e', '0'].map(
  (digit) => `0x${digit.repeat(40)}`,
) as [...[string, string, string, string, string, string, string]];
type FeeFact = 'SwapFeeUpdated' | 'ProtocolFeeUpdated' | 'CreationFeeUpdated';
const fee = (type: FeeFact, oldFee: number, newFee: number, place: Place) =>
  fact(type, { oldFee: `${oldFee}`, newFee: `${newFee}` }, place);
const at = (contract: string, block: number, log = 0): Place => ({ block, log, contract });
const OPENING = [
  fact('OwnershipTransferred', { previousOwner: ZERO, newOwner: OWNER }, at(MANAGER, 1, 0)),
  fee('SwapFeeUpdated', 0, 30, at(MANAGER, 1, 1)),
  fee('ProtocolFeeUpdated', 0, 10, at(MANAGER, 1, 2)),
  fact('FeeRecipientUpdated', { oldRecipient: ZERO, newRecipient: TREASURY }, at(MANAGER, 1, 3)),
  fact('GuardianUpdated', { oldGuardian: ZERO, newGuardian: GUARDIAN }, at(MANAGER, 1, 4)),
];
const MANAGER_ROW = {
  ...{ chain_id: 1, contract: MANAGER, paused: false, paused_until: null, owner: OWNER },
  ...{ pending_owner: null, guardian: GUARDIAN, fee_recipient: TREASURY },
  ...{ swap_fee: 30n, protocol_fee: 10n, creation_fee: null },
  updated_block: 1,
};
const { given } = specify(swapsProjection);

describe('what a contract is set to', () => {
  it('is what its constructor said, a row a contract', () => {
    given(...OPENING)
      .when(fee('CreationFeeUpdated', 0, 1_000, at(FACTORY, 1, 5)))
      .then(contractSettings, MANAGER_ROW, {
        ...{ chain_id: 1, contract: FACTORY, paused: false, paused_until: null, owner: null },
        pending_owner: null,
        ...{ guardian: null, fee_recipient: null, swap_fee: null, protocol_fee: null, creation_fee: 1_000n },
        updated_block: 1,
      });
  });

  it('is a pause from the one word to the other, of this contract on this chain alone', () => {
    const paused = fact('Paused', { account: GUARDIAN }, at(MANAGER, 5));
    given(...OPENING, fee('CreationFeeUpdated', 0, 1, at(FACTORY, 2)))
      .when(paused)
      .then(contractSettings, { contract: MANAGER, paused: true, updated_block: 5 }, { paused: false });
    given(...OPENING)
      .when(onChain(2, paused))
      .then(contractSettings, { chain_id: 1, paused: false }, { chain_id: 2, paused: true });
    given(...OPENING, paused)
      .when(fact('Unpaused', { account: OWNER }, at(MANAGER, 6)))
      .then(contractSettings, { ...MANAGER_ROW, updated_block: 6 });
  });

  it('is a pause that says itself when it ends, until somebody ends it before', () => {
    const paused = fact('Paused', { account: GUARDIAN }, at(MANAGER, 5, 0));
    const until = (seconds: number, block: number) =>
      fact('PausedUntil', { until: seconds }, at(MANAGER, block, 1));
    given(...OPENING, paused)
      .when(until(900, 5))
      .then(contractSettings, { paused: true, paused_until: 900 });
    given(...OPENING, paused, until(900, 5))
      .when(until(1_900, 6))
      .then(contractSettings, { paused: true, paused_until: 1_900 });
    given(...OPENING, paused, until(900, 5))
      .when(fact('Unpaused', { account: OWNER }, at(MANAGER, 6)))
      .then(contractSettings, { ...MANAGER_ROW, paused_until: 0, updated_block: 6 });
  });

  it('names the next owner until they accept', () => {
    const owners = { previousOwner: OWNER, newOwner: HEIR };
    const started = fact('OwnershipTransferStarted', owners, at(MANAGER, 2));
    given(...OPENING)
      .when(started)
      .then(contractSettings, { owner: OWNER, pending_owner: HEIR });
    given(...OPENING, started)
      .when(fact('OwnershipTransferred', owners, at(MANAGER, 3)))
      .then(contractSettings, { owner: HEIR, pending_owner: null });
  });

  it('keeps each change of a fee, with what was before', () => {
    given(OPENING[1] as (typeof OPENING)[1])
      .when(fee('SwapFeeUpdated', 30, 25, at(MANAGER, 7, 3)))
      .then(
        feeChanges,
        { block_number: 1, log_index: 1, kind: 'SWAP', old_value: 0n, new_value: 30n },
        {
          ...{ chain_id: 1, block_number: 7, log_index: 3, kind: 'SWAP', old_value: 30n, new_value: 25n },
          ...{ tx_hash: txHash(7), block_time: 70 },
        },
      )
      .then(contractSettings, { swap_fee: 25n, protocol_fee: null });
  });
});
