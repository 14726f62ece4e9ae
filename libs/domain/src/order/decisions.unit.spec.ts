import { describe, expect, it } from '@jest/globals';
import {
  AFTER_DEADLINE,
  ALICE,
  BLOCK_1,
  BLOCK_2,
  BOB,
  DEADLINE,
  ENVELOPE,
  ID,
  MINED,
  MINED_AGAIN,
  MINED_OTHER,
  OTHER_POOL_ID,
  POOL_ID,
  RELAYER,
  TOKEN_A,
  TOKEN_B,
  TOKEN_C,
  TX_1,
  TX_2,
} from '../samples.fixture.js';
import { specify } from '../specification.js';
import type { ConfirmOrder } from './commands.js';
import { orderDecider } from './decisions.js';
import type { OrderEvent, OrderResult, OrderTerms } from './events.js';

const { given } = specify(orderDecider);

const swapTerms: OrderTerms = {
  kind: 'SWAP',
  tokenIn: TOKEN_A,
  tokenOut: TOKEN_B,
  amountIn: '1000',
  amountOutMin: '950',
  amountOutQuoted: '990',
};
const additionTerms: OrderTerms = {
  kind: 'ADD_LIQUIDITY',
  amountADesired: '1000',
  amountBDesired: '4000',
  amountAMin: '900',
  amountBMin: '3600',
};
const removalTerms: OrderTerms = {
  kind: 'REMOVE_LIQUIDITY',
  liquidity: '2000',
  amountAMin: '900',
  amountBMin: '3600',
};
const request = (terms: OrderTerms, execution: 'WALLET' | 'RELAYED' = 'WALLET'): OrderEvent => ({
  type: 'OrderRequested',
  version: 1,
  data: { orderId: ID, user: ALICE, poolId: POOL_ID, terms, ...ENVELOPE, execution },
});
const requested = request(swapTerms);
const relayed = request(swapTerms, 'RELAYED');
const submitted = (txHash = TX_1): OrderEvent => ({
  type: 'OrderSubmitted',
  version: 1,
  data: { orderId: ID, txHash },
});
const swapResult: OrderResult = { kind: 'SWAP', amountIn: '1000', amountOut: '980' };
const confirmed = (
  mined: typeof MINED | typeof MINED_AGAIN = MINED,
  result: OrderResult = swapResult,
): OrderEvent => ({
  type: 'OrderConfirmed',
  version: 1,
  data: { orderId: ID, result, ...mined },
});
const finalized: OrderEvent = {
  type: 'OrderFinalized',
  version: 1,
  data: { orderId: ID, blockNumber: MINED.blockNumber },
};
const failed: OrderEvent = {
  type: 'OrderFailed',
  version: 1,
  data: { orderId: ID, code: 'REFUSED_BY_SIMULATION', reason: 'No' },
};
const expired: OrderEvent = { type: 'OrderExpired', version: 1, data: { orderId: ID, at: AFTER_DEADLINE } };
const reverted: OrderEvent = {
  type: 'OrderReverted',
  version: 1,
  data: { orderId: ID, reason: 'DeadlineExpired', ...MINED },
};
const retracted: OrderEvent = {
  type: 'OrderOutcomeRetracted',
  version: 1,
  data: { orderId: ID, txHash: TX_1, blockHash: BLOCK_1 },
};

const swapFact = {
  kind: 'SWAP',
  tokenIn: TOKEN_A,
  tokenOut: TOKEN_B,
  amountIn: 1000n,
  amountOut: 980n,
} as const;
const confirm: ConfirmOrder = {
  type: 'ConfirmOrder',
  user: ALICE,
  poolId: POOL_ID,
  fact: swapFact,
  ...MINED,
};
const submit = { type: 'SubmitOrder', txHash: TX_1, by: ALICE } as const;
const finalize = { type: 'FinalizeOrder', finalizedTo: MINED.blockNumber } as const;
const fail = { type: 'FailOrder', code: 'REFUSED_BY_SIMULATION', reason: 'No' } as const;
const expire = { type: 'ExpireOrder', at: AFTER_DEADLINE } as const;
const revert = { type: 'RevertOrder', sender: ALICE, reason: 'DeadlineExpired', ...MINED } as const;
const retract = { type: 'RetractOrder', blockHashes: [BLOCK_1] } as const;

describe("an order's transaction", () => {
  it('is recorded, again when the wallet replaced it, and not twice', () => {
    given(requested).when(submit).then(submitted());
    given(relayed)
      .when({ ...submit, by: null })
      .then(submitted());
    given(requested, submitted(TX_2)).when(submit).then(submitted());
    given(requested, submitted()).when(submit).thenNothing();
  });
  it('changes nothing once the order is confirmed', () => {
    const another = { ...submit, txHash: TX_2 };
    given(requested, confirmed()).when(another).thenNothing();
    given(requested, confirmed(), finalized).when(another).thenNothing();
  });
  it('is refused from another address, and from the user of a relayed order', () => {
    given(requested)
      .when({ ...submit, by: BOB })
      .thenRefused('NOT_THE_CALLER', 'commandId');
    given(relayed).when(submit).thenRefused('WRONG_EXECUTION', 'commandId');
  });
  it('is refused once the order is closed, unless it is known', () => {
    given(requested, failed).when(submit).thenRefused('COMMAND_CLOSED', 'commandId');
    given(requested, expired).when(submit).thenRefused('COMMAND_CLOSED', 'commandId');
    given(requested, reverted)
      .when({ ...submit, txHash: TX_2 })
      .thenRefused('COMMAND_CLOSED', 'commandId');
    given(requested, submitted(), expired).when(submit).thenNothing();
    given(requested, reverted).when(submit).thenNothing();
  });
});

describe('a confirmation by the chain', () => {
  it.each([
    ['requested', [requested]],
    ['submitted', [requested, submitted()]],
    ['submitted by another transaction', [requested, submitted(TX_2)]],
    ['failed', [requested, failed]],
    ['expired', [requested, expired]],
    ['reverted', [requested, reverted]],
    ['taken back by a reorg', [requested, confirmed(), retracted]],
    ['relayed', [relayed, submitted()]],
  ] as const)('counts for an order that was believed %s', (_belief, history) => {
    given(...history)
      .when(confirm)
      .then(confirmed());
  });
  it('is recorded once, also when it is final', () => {
    given(requested, confirmed()).when(confirm).thenNothing();
    given(requested, confirmed(), finalized).when(confirm).thenNothing();
  });
  it('is recorded again when the transaction was mined again, unless it was final', () => {
    const again = { ...confirm, ...MINED_AGAIN };
    given(requested, confirmed()).when(again).then(confirmed(MINED_AGAIN));
    given(requested, confirmed(), finalized).when(again).thenRefused('OUTCOME_FINAL', 'blockHash');
  });
  it('is refused a second time by another transaction', () => {
    const another = { ...confirm, ...MINED_OTHER };
    given(requested, confirmed()).when(another).thenRefused('CONFIRMATION_MISMATCH', 'txHash');
    given(requested, confirmed(), finalized).when(another).thenRefused('CONFIRMATION_MISMATCH', 'txHash');
  });
});

describe('a fact that claims to answer an order', () => {
  const liquidity = { amountA: 950n, amountB: 3800n, liquidity: 2000n };
  const removed = { kind: 'REMOVE_LIQUIDITY', ...liquidity } as const;
  const added = { kind: 'ADD_LIQUIDITY', ...liquidity } as const;
  const result = { amountA: '950', amountB: '3800', liquidity: '2000' };

  it('fits in any case of the addresses, with the least amount exactly', () => {
    given(requested)
      .when({
        ...confirm,
        user: ALICE.toLowerCase(),
        fact: {
          ...swapFact,
          tokenIn: TOKEN_A.toLowerCase(),
          tokenOut: TOKEN_B.toLowerCase(),
          amountOut: 950n,
        },
      })
      .then(confirmed(MINED, { ...swapResult, amountOut: '950' } as OrderResult));
  });
  it('tells what was added or removed', () => {
    given(request(additionTerms))
      .when({ ...confirm, fact: added })
      .then(confirmed(MINED, { kind: 'ADD_LIQUIDITY', ...result }));
    given(request(removalTerms))
      .when({ ...confirm, fact: removed })
      .then(confirmed(MINED, { kind: 'REMOVE_LIQUIDITY', ...result }));
  });
  it('may take all that was desired and give the least', () => {
    given(request(additionTerms))
      .when({ ...confirm, fact: { ...added, amountA: 1000n, amountB: 4000n } })
      .then(confirmed(MINED, { kind: 'ADD_LIQUIDITY', ...result, amountA: '1000', amountB: '4000' }));
    given(request(removalTerms))
      .when({ ...confirm, fact: { ...removed, amountA: 900n, amountB: 3600n } })
      .then(confirmed(MINED, { kind: 'REMOVE_LIQUIDITY', ...result, amountA: '900', amountB: '3600' }));
  });
  it.each([
    [swapTerms, { user: BOB }, 'user'],
    [swapTerms, { poolId: OTHER_POOL_ID }, 'poolId'],
    [swapTerms, { fact: added }, 'kind'],
    [additionTerms, { fact: swapFact }, 'kind'],
    [removalTerms, { fact: swapFact }, 'kind'],
    [removalTerms, { fact: added }, 'kind'],
    [swapTerms, { fact: { ...swapFact, tokenIn: TOKEN_C } }, 'tokenIn'],
    [swapTerms, { fact: { ...swapFact, tokenOut: TOKEN_C } }, 'tokenOut'],
    [swapTerms, { fact: { ...swapFact, amountIn: 999n } }, 'amountIn'],
    [swapTerms, { fact: { ...swapFact, amountOut: 949n } }, 'amountOut'],
    [additionTerms, { fact: { ...added, amountA: 899n } }, 'amountA'],
    [additionTerms, { fact: { ...added, amountB: 3599n } }, 'amountB'],
    [additionTerms, { fact: { ...added, amountA: 1001n } }, 'amountA'],
    [additionTerms, { fact: { ...added, amountB: 4001n } }, 'amountB'],
    [removalTerms, { fact: { ...removed, liquidity: 1999n } }, 'liquidity'],
    [removalTerms, { fact: { ...removed, amountA: 899n } }, 'amountA'],
    [removalTerms, { fact: { ...removed, amountB: 3599n } }, 'amountB'],
  ] as const)('case %#: does not fit with another %s', (terms, part, field) => {
    given(request(terms))
      .when({ ...confirm, ...part })
      .thenRefused('CONFIRMATION_MISMATCH', field);
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
    given(requested, reverted).when(finalize).thenNothing();
    given(requested).when(finalize).thenNothing();
  });
  it('is of no order that a replay of its events has not seen confirmed', () => {
    given(requested, finalized).when(expire).then(expired);
  });
});

describe('an order that ends without the chain', () => {
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
  it.each([[confirmed()], [failed], [expired], [reverted]])('stays as it ended by $type', (end) => {
    given(requested, end).when(fail).thenNothing();
    given(requested, end).when(expire).thenNothing();
  });
});

describe('an order that the contract reverted', () => {
  it('is recorded, also after it expired or failed', () => {
    given(requested).when(revert).then(reverted);
    given(requested, expired).when(revert).then(reverted);
    given(requested, failed).when(revert).then(reverted);
  });
  it('is recorded once, and again of another block', () => {
    given(requested, reverted).when(revert).thenNothing();
    given(requested, reverted)
      .when({ ...revert, ...MINED_OTHER, reason: null })
      .then({ ...reverted, data: { orderId: ID, reason: null, ...MINED_OTHER } });
  });
  it('is nothing against one that was carried out', () => {
    given(requested, confirmed())
      .when({ ...revert, ...MINED_OTHER })
      .thenNothing();
    given(requested, confirmed(), finalized)
      .when({ ...revert, ...MINED_OTHER })
      .thenNothing();
  });
  it('is believed only of its own transaction', () => {
    given(requested)
      .when({ ...revert, sender: BOB })
      .thenRefused('CONFIRMATION_MISMATCH', 'sender');
    given(relayed)
      .when({ ...revert, sender: RELAYER })
      .thenRefused('CONFIRMATION_MISMATCH', 'txHash');
    given(relayed, submitted(), expired)
      .when({ ...revert, sender: RELAYER })
      .then(reverted);
    given(relayed, submitted(), failed)
      .when({ ...revert, sender: RELAYER })
      .then(reverted);
  });
});

describe('a reorg', () => {
  it('takes an outcome back, so that the order is open again', () => {
    given(requested, confirmed()).when(retract).then(retracted);
    given(requested, reverted).when(retract).then(retracted);
    given(requested, confirmed(), retracted).when(expire).then(expired);
    given(requested, confirmed(), retracted).when(submit).thenNothing();
  });
  it('leaves alone what is not in its blocks', () => {
    given(requested, confirmed())
      .when({ ...retract, blockHashes: [BLOCK_2] })
      .thenNothing();
    given(requested, confirmed(), finalized)
      .when({ ...retract, blockHashes: [BLOCK_2] })
      .thenNothing();
    given(requested, confirmed(), retracted).when(retract).thenNothing();
    given(requested, expired).when(retract).thenNothing();
  });
  it('of a final block is refused', () => {
    given(requested, confirmed(), finalized).when(retract).thenRefused('OUTCOME_FINAL', 'blockHash');
  });
});

it('no event means anything before the request', () => {
  const events = [submitted(), confirmed(), finalized, reverted, retracted, failed, expired];
  expect(given(...events).state).toEqual({ status: 'NONE' });
});

it.each([submit, confirm, finalize, fail, expire, revert, retract])(
  '$type means nothing without a request',
  (command) => {
    given().when(command).thenRefused('ORDER_NOT_REQUESTED', 'commandId');
  },
);
