import { describe, expect, it } from '@jest/globals';
import {
  confirm,
  confirmed,
  expire,
  expired,
  fail,
  failed,
  finalize,
  finalized,
  relayed,
  requested,
  retract,
  retracted,
  revert,
  reverted,
  submit,
  submitted,
  swapFact,
} from './request/lifecycle.fixture.js';
import { transactionOf } from './request/state.js';
import { REQUEST_KINDS, requestDecider, requestKindOf, REQUESTED_TYPES } from './request-decider.js';
import {
  BLOCK_2,
  BOB,
  DEADLINE,
  MINED,
  MINED_AGAIN,
  MINED_OTHER,
  OTHER_CHAIN,
  RELAYER,
  TX_2,
} from './testing/samples.fixture.js';
import { specify } from './testing/specification.js';

const { given } = specify(requestDecider);

describe('a request’s transaction', () => {
  it('is recorded, again when the wallet replaced it, and not twice', () => {
    given(requested).when(submit).then(submitted());
    given(relayed)
      .when({ ...submit, by: null })
      .then(submitted());
    given(requested, submitted(TX_2)).when(submit).then(submitted());
    given(requested, submitted()).when(submit).thenNothing();
  });
  it('changes nothing once the request is confirmed', () => {
    const another = { ...submit, txHash: TX_2 };
    given(requested, confirmed()).when(another).thenNothing();
    given(requested, confirmed(), finalized).when(another).thenNothing();
  });
  it('is refused from another address, and from the requester of a relayed one', () => {
    given(requested)
      .when({ ...submit, by: BOB })
      .thenRefused('NOT_THE_CALLER', 'commandId');
    given(relayed).when(submit).thenRefused('WRONG_EXECUTION', 'commandId');
  });
  it('is refused once the request is closed, unless it is known', () => {
    given(requested, failed).when(submit).thenRefused('COMMAND_CLOSED', 'commandId');
    given(requested, expired).when(submit).thenRefused('COMMAND_CLOSED', 'commandId');
    given(requested, reverted())
      .when({ ...submit, txHash: TX_2 })
      .thenRefused('COMMAND_CLOSED', 'commandId');
    given(requested, submitted(), expired).when(submit).thenNothing();
    given(requested, reverted()).when(submit).thenNothing();
  });
});

describe('a confirmation by the chain', () => {
  it.each([
    ['accepted', [requested]],
    ['submitted', [requested, submitted()]],
    ['submitted by another transaction', [requested, submitted(TX_2)]],
    ['failed', [requested, failed]],
    ['expired', [requested, expired]],
    ['reverted', [requested, reverted()]],
    ['taken back by a reorg', [requested, confirmed(), retracted]],
    ['relayed', [relayed, submitted()]],
  ] as const)('counts for a request that was believed %s', (_belief, history) => {
    given(...history)
      .when(confirm)
      .then(confirmed());
  });
  it('is recorded once, also when it is final', () => {
    given(requested, confirmed()).when(confirm).thenNothing();
    given(requested, confirmed(), finalized).when(confirm).thenNothing();
  });
  it('is recorded again when the transaction was mined again, unless it was final', () => {
    const again = { ...confirm, mined: MINED_AGAIN };
    given(requested, confirmed()).when(again).then(confirmed(MINED_AGAIN));
    given(requested, confirmed(), finalized).when(again).thenRefused('OUTCOME_FINAL', 'blockHash');
  });
  it('is refused a second time by another transaction', () => {
    const another = { ...confirm, mined: MINED_OTHER };
    given(requested, confirmed()).when(another).thenRefused('CONFIRMATION_MISMATCH', 'txHash');
    given(requested, confirmed(), finalized).when(another).thenRefused('CONFIRMATION_MISMATCH', 'txHash');
  });
  it('never comes from another chain, whatever the transaction says', () => {
    given(requested)
      .when({ ...confirm, chainId: OTHER_CHAIN })
      .thenRefused('CONFIRMATION_MISMATCH', 'chainId');
    given(requested, confirmed())
      .when({ ...confirm, chainId: OTHER_CHAIN })
      .thenRefused('CONFIRMATION_MISMATCH', 'chainId');
  });
  it('does not come from a fact that answers no such request', () => {
    given(requested)
      .when({ ...confirm, fact: { ...swapFact, type: 'Sync' } as never })
      .thenNothing();
  });
});

describe('finality', () => {
  it('comes with the block of the confirmation, and once', () => {
    given(requested, confirmed()).when(finalize).then(finalized);
    given(requested, confirmed())
      .when({ ...finalize, finalizedTo: 100 })
      .then(finalized);
    given(requested, confirmed(), finalized).when(finalize).thenNothing();
  });
  it('does not come before it, nor for what is not confirmed', () => {
    given(requested, confirmed())
      .when({ ...finalize, finalizedTo: MINED.blockNumber - 1 })
      .thenNothing();
    given(requested, confirmed(), retracted).when(finalize).thenNothing();
    given(requested, reverted()).when(finalize).thenNothing();
    given(requested).when(finalize).thenNothing();
  });
  it('is of no request that a replay of its events has not seen confirmed', () => {
    given(requested, finalized).when(expire).then(expired);
  });
});

describe('a request that ends without the chain', () => {
  it('fails or expires while it is open', () => {
    given(requested).when(fail).then(failed);
    given(requested, submitted()).when(fail).then(failed);
    given(requested).when(expire).then(expired);
    given(requested, submitted()).when(expire).then(expired);
  });
  it('does not expire in the second of its deadline', () => {
    given(requested)
      .when({ ...expire, at: DEADLINE })
      .thenRefused('COMMAND_NOT_EXPIRED', 'at');
  });
  it('does not expire by our own clock once a transaction was told', () => {
    const byOurs = { ...expire, clock: 'OURS' } as const;
    given(requested).when(byOurs).then(expired);
    given(requested, submitted()).when(byOurs).thenNothing();
    given(requested, confirmed(), retracted).when(byOurs).thenNothing();
  });
  it.each([[confirmed()], [failed], [expired], [reverted()]])('stays as it ended by $type', (end) => {
    given(requested, end).when(fail).thenNothing();
    given(requested, end).when(expire).thenNothing();
  });
});

describe('a request that the contract reverted', () => {
  it('is recorded, also after it expired or failed', () => {
    given(requested).when(revert).then(reverted());
    given(requested, expired).when(revert).then(reverted());
    given(requested, failed).when(revert).then(reverted());
  });
  it('is recorded once, and again of another block', () => {
    given(requested, reverted()).when(revert).thenNothing();
    given(requested, reverted())
      .when({ ...revert, mined: MINED_OTHER, reason: null })
      .then(reverted(MINED_OTHER, null));
  });
  it('is nothing against one that was carried out', () => {
    const later = { ...revert, mined: MINED_OTHER };
    given(requested, confirmed()).when(later).thenNothing();
    given(requested, confirmed(), finalized).when(later).thenNothing();
  });
  it('is believed only of its own transaction, on its own chain', () => {
    given(requested)
      .when({ ...revert, sender: BOB })
      .thenRefused('CONFIRMATION_MISMATCH', 'sender');
    given(relayed)
      .when({ ...revert, sender: RELAYER })
      .thenRefused('CONFIRMATION_MISMATCH', 'txHash');
    given(relayed, submitted(), expired)
      .when({ ...revert, sender: RELAYER })
      .then(reverted());
    given(requested)
      .when({ ...revert, chainId: OTHER_CHAIN })
      .thenRefused('CONFIRMATION_MISMATCH', 'chainId');
  });
});

describe('a reorg', () => {
  it('takes an outcome back, so that the request is open again', () => {
    given(requested, confirmed()).when(retract).then(retracted);
    given(requested, reverted()).when(retract).then(retracted);
    given(requested, confirmed(), retracted).when(expire).then(expired);
    given(requested, confirmed(), retracted).when(submit).thenNothing();
  });
  it('leaves alone what is not in its blocks', () => {
    const elsewhere = { ...retract, blockHashes: [BLOCK_2] };
    given(requested, confirmed()).when(elsewhere).thenNothing();
    given(requested, confirmed(), finalized).when(elsewhere).thenNothing();
    given(requested, confirmed(), retracted).when(retract).thenNothing();
    given(requested, expired).when(retract).thenNothing();
  });
  it('of a final block is refused', () => {
    given(requested, confirmed(), finalized).when(retract).thenRefused('OUTCOME_FINAL', 'blockHash');
  });
});

describe('its state', () => {
  it('keeps the transaction that is known, however it ended', () => {
    const ends = [submitted(), confirmed(), finalized, retracted, reverted(), expired, failed];
    for (let count = 1; count <= ends.length; count += 1) {
      const { state } = given(requested, ...ends.slice(0, count));
      expect(state.status === 'NONE' ? null : transactionOf(state)).toBe(MINED.txHash);
    }
  });
  it('does not come from an event before the request', () => {
    const events = [submitted(), confirmed(), finalized, reverted(), retracted, failed, expired];
    expect(given(...events).state).toEqual({ status: 'NONE' });
  });
});

it.each([submit, confirm, finalize, fail, expire, revert, retract])(
  '$type means nothing without a request',
  (command) => {
    given().when(command).thenRefused('UNKNOWN_COMMAND', 'commandId');
  },
);

it('each kind begins with an event of its own', () => {
  expect(new Set(REQUESTED_TYPES).size).toBe(Object.keys(REQUEST_KINDS).length);
  for (const [name, kind] of Object.entries(REQUEST_KINDS)) {
    expect([kind.name, requestKindOf(kind.requested.type)]).toEqual([name, name]);
  }
  expect(requestKindOf('Swap')).toBeNull();
});
