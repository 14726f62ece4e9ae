import { describe, it } from '@jest/globals';
import { ALICE, BOB, ID, LATER, NOW, OTHER_ID } from '../testing/samples.fixture.js';
import { specify } from '../testing/specification.js';
import { reconciliationDecider } from './decider.js';
import type { DriftFound, Reconciled, ReconciliationEvent } from './events.js';

const { given } = specify(reconciliationDecider);

const HASH = `0x${'1'.repeat(64)}`;
const balanceOf = (account: string): Reconciled => ({
  ...{ kind: 'BALANCE', contract: ALICE, poolId: null, account },
});
const drift = (driftId: string, of: Reconciled, ours = '1'): DriftFound['data'] => ({
  ...of,
  ...{ driftId, differences: [{ name: 'balance', ours, chain: '2' }], blockNumber: 7, blockHash: HASH },
  ...{ firstBlock: 5, firstBlockExact: true, at: NOW },
});
const found = (driftId: string, of: Reconciled): ReconciliationEvent => ({
  type: 'DriftFound',
  version: 1,
  data: drift(driftId, of),
});
const ended = (driftId: string): ReconciliationEvent => ({
  type: 'DriftEnded',
  version: 1,
  data: { driftId, blockNumber: 9, blockHash: HASH, at: LATER },
});
const tell = (driftId: string, of: Reconciled, ours?: string) =>
  ({ type: 'TellDrift', drift: drift(driftId, of, ours) }) as const;
const agree = (of: Reconciled) =>
  ({ type: 'TellAgreement', of, blockNumber: 9, blockHash: HASH, at: LATER }) as const;

describe('what drifts', () => {
  it('is told once until it has ended, whatever it differs by', () => {
    given()
      .when(tell(ID, balanceOf(ALICE)))
      .then(found(ID, balanceOf(ALICE)));
    given(found(ID, balanceOf(ALICE)))
      .when(tell(OTHER_ID, balanceOf(ALICE), '3'))
      .thenNothing();
    given(found(ID, balanceOf(ALICE)), ended(ID))
      .when(tell(OTHER_ID, balanceOf(ALICE)))
      .then(found(OTHER_ID, balanceOf(ALICE)));
  });

  it('is another than that of another account, or of another kind', () => {
    given(found(ID, balanceOf(ALICE)))
      .when(tell(OTHER_ID, balanceOf(BOB)))
      .then(found(OTHER_ID, balanceOf(BOB)));
    const supply: Reconciled = { kind: 'SUPPLY', contract: ALICE, poolId: null, account: null };
    given(found(ID, balanceOf(ALICE)))
      .when(tell(OTHER_ID, supply))
      .then(found(OTHER_ID, supply));
  });

  it('ends where both say the same again, alone and once', () => {
    given(found(ID, balanceOf(ALICE)), found(OTHER_ID, balanceOf(BOB)))
      .when(agree(balanceOf(ALICE)))
      .then(ended(ID));
    given(found(ID, balanceOf(ALICE)), ended(ID))
      .when(agree(balanceOf(ALICE)))
      .thenNothing();
    given()
      .when(agree(balanceOf(ALICE)))
      .thenNothing();
  });
});
