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
  OTHER_INPUT_HASH,
  OTHER_POOL_ID,
  POOL_ID,
  RELAYER,
  TOKEN_A,
  TOKEN_B,
  TX_1,
  TX_2,
} from '../samples.fixture.js';
import { specify } from '../specification.js';
import type { ConfirmPoolCreation, RequestPoolCreation } from './commands.js';
import { poolDecider } from './decisions.js';
import type { PoolEvent } from './events.js';

const { given } = specify(poolDecider);

const known = {
  tokenA: { active: true },
  tokenB: { active: true },
  poolExists: false,
  balanceA: 5_000n,
  balanceB: 20_000n,
};
const request: RequestPoolCreation = {
  type: 'RequestPoolCreation',
  requestId: ID,
  poolId: POOL_ID,
  creator: ALICE,
  tokenA: TOKEN_A,
  tokenB: TOKEN_B,
  amountA: 5_000n,
  amountB: 20_000n,
  known,
  ...ENVELOPE,
};
const requested: PoolEvent = {
  type: 'PoolCreationRequested',
  version: 1,
  data: {
    requestId: ID,
    poolId: POOL_ID,
    creator: ALICE,
    tokenA: TOKEN_A,
    tokenB: TOKEN_B,
    amountA: '5000',
    amountB: '20000',
    ...ENVELOPE,
  },
};
const relayed: PoolEvent = { ...requested, data: { ...requested.data, execution: 'RELAYED' } };
const submitted = (txHash = TX_1): PoolEvent => ({
  type: 'PoolCreationSubmitted',
  version: 1,
  data: { requestId: ID, txHash },
});
const deployed = (mined: typeof MINED | typeof MINED_AGAIN = MINED): PoolEvent => ({
  type: 'PoolDeployed',
  version: 1,
  data: { requestId: ID, poolId: POOL_ID, ...mined },
});
const failed = (
  code: string,
  reason: string,
  txHash: string | null = null,
  blockHash: string | null = null,
): PoolEvent => ({
  type: 'PoolCreationFailed',
  version: 1,
  data: { requestId: ID, code, reason, txHash, blockHash },
});
const expired = failed('EXPIRED', 'The deadline passed before the chain carried it out');
const reverted = failed('REVERTED', 'PoolExists', TX_1, BLOCK_1);
const retracted: PoolEvent = {
  type: 'PoolDeploymentRetracted',
  version: 1,
  data: { requestId: ID, txHash: TX_1, blockHash: BLOCK_1 },
};
const confirm: ConfirmPoolCreation = {
  type: 'ConfirmPoolCreation',
  poolId: POOL_ID,
  user: ALICE,
  amountA: 5_000n,
  amountB: 20_000n,
  ...MINED,
};
const submit = { type: 'SubmitPoolCreation', txHash: TX_1, by: ALICE } as const;
const revert = { type: 'RevertPoolCreation', sender: ALICE, reason: 'PoolExists', ...MINED } as const;
const fail = { type: 'FailPoolCreation', code: 'POOL_EXISTS', reason: 'Another was first' } as const;
const expire = { type: 'ExpirePoolCreation', at: AFTER_DEADLINE } as const;
const retract = { type: 'RetractPool', blockHashes: [BLOCK_1] } as const;

describe('a request to create a pool', () => {
  it('is accepted', () => {
    given().when(request).then(requested);
  });
  it('is put in the order of the addresses, each with its amount', () => {
    given()
      .when({
        ...request,
        tokenA: TOKEN_B,
        tokenB: TOKEN_A,
        amountA: 20_000n,
        amountB: 5_000n,
        known: { ...known, balanceA: 20_000n, balanceB: 5_000n },
      })
      .then(requested);
  });
  it('is accepted where a balance is not known: the chain decides', () => {
    given()
      .when({ ...request, known: { ...known, balanceA: null, balanceB: null } })
      .then(requested);
  });
  it('changes nothing when it comes again, and is refused under the key of another input', () => {
    const again = { ...request, requestedAt: AFTER_DEADLINE, known: { ...known, poolExists: true } };
    given(requested, deployed()).when(again).thenNothing();
    given(requested)
      .when({ ...request, inputHash: OTHER_INPUT_HASH })
      .thenRefused('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey');
  });
  it.each([
    [{ tokenB: TOKEN_A }, 'IDENTICAL_TOKENS', 'tokenB'],
    [{ tokenB: TOKEN_A.toLowerCase() }, 'IDENTICAL_TOKENS', 'tokenB'],
    [{ amountA: 0n }, 'INVALID_AMOUNT', 'amountA'],
    [{ amountB: -1n }, 'INVALID_AMOUNT', 'amountB'],
    [{ amountB: 2n ** 128n }, 'AMOUNT_TOO_LARGE', 'amountB'],
    [{ amountA: 1_000n, amountB: 1_000n }, 'AMOUNT_TOO_SMALL', 'amountA'],
    [{ amountA: 5_001n }, 'INSUFFICIENT_BALANCE', 'amountA'],
    [{ amountB: 20_001n }, 'INSUFFICIENT_BALANCE', 'amountB'],
    [{ known: { ...known, tokenA: null } }, 'UNKNOWN_TOKEN', 'tokenA'],
    [{ known: { ...known, tokenB: null } }, 'UNKNOWN_TOKEN', 'tokenB'],
    [{ known: { ...known, tokenB: { active: false } } }, 'TOKEN_DEACTIVATED', 'tokenB'],
    [{ known: { ...known, poolExists: true } }, 'POOL_EXISTS', 'tokenB'],
    [{ requestedAt: DEADLINE }, 'DEADLINE_EXPIRED', 'deadline'],
  ] as const)('case %#: is refused as %s', (part, code, field) => {
    given()
      .when({ ...request, ...part })
      .thenRefused(code, field);
  });
});

describe('the transaction of a pool creation', () => {
  it('is recorded, again when it was replaced, and not twice', () => {
    given(requested).when(submit).then(submitted());
    given(relayed)
      .when({ ...submit, by: null })
      .then(submitted());
    given(requested, submitted(TX_2)).when(submit).then(submitted());
    given(requested, submitted()).when(submit).thenNothing();
    given(requested, deployed())
      .when({ ...submit, txHash: TX_2 })
      .thenNothing();
    given(requested, deployed()).when(submit).thenNothing();
  });
  it('is refused from another address, from the creator of a relayed one, and after a failure', () => {
    given(requested)
      .when({ ...submit, by: BOB })
      .thenRefused('NOT_THE_CALLER', 'commandId');
    given(relayed).when(submit).thenRefused('WRONG_EXECUTION', 'commandId');
    given(requested, expired).when(submit).thenRefused('COMMAND_CLOSED', 'commandId');
  });
});

describe('a pool that the chain created', () => {
  it.each([
    ['requested', [requested]],
    ['submitted', [requested, submitted(TX_2)]],
    ['expired', [requested, expired]],
    ['reverted', [requested, reverted]],
    ['taken back by a reorg', [requested, deployed(), retracted]],
  ] as const)('is deployed though it was believed %s', (_belief, history) => {
    given(...history)
      .when(confirm)
      .then(deployed());
  });
  it('is recorded once, and again when mined again in another block', () => {
    given(requested, deployed()).when(confirm).thenNothing();
    given(requested, deployed())
      .when({ ...confirm, ...MINED_AGAIN })
      .then(deployed(MINED_AGAIN));
  });
  it.each([
    [{ poolId: OTHER_POOL_ID }, 'poolId'],
    [{ user: BOB }, 'user'],
    [{ amountA: 5_001n }, 'amountA'],
    [{ amountB: 19_999n }, 'amountB'],
  ] as const)('case %#: is not the one requested with another %s', (part, field) => {
    given(requested)
      .when({ ...confirm, ...part })
      .thenRefused('CONFIRMATION_MISMATCH', field);
  });
  it('is not a second one of the same request', () => {
    given(requested, deployed())
      .when({ ...confirm, ...MINED_OTHER })
      .thenRefused('CONFIRMATION_MISMATCH', 'txHash');
  });
});

describe('a pool creation that fails', () => {
  it('keeps its reason', () => {
    given(requested).when(fail).then(failed('POOL_EXISTS', 'Another was first'));
    given(requested, submitted()).when(expire).then(expired);
    given(requested, expired).when(revert).then(reverted);
    given(requested)
      .when({ ...revert, reason: null })
      .then(failed('REVERTED', 'The contract gave no reason', TX_1, BLOCK_1));
  });
  it('stays as it ended', () => {
    given(requested, deployed()).when(fail).thenNothing();
    given(requested, deployed()).when(expire).thenNothing();
    given(requested, deployed()).when(revert).thenNothing();
    given(requested, reverted).when(revert).thenNothing();
    given(requested, expired).when(fail).thenNothing();
  });
  it('does not expire in the second of its deadline', () => {
    given(requested)
      .when({ ...expire, at: DEADLINE })
      .thenRefused('COMMAND_NOT_EXPIRED', 'at');
  });
  it('is believed only of its own transaction', () => {
    given(requested)
      .when({ ...revert, sender: BOB })
      .thenRefused('CONFIRMATION_MISMATCH', 'sender');
    given(relayed, submitted(TX_2))
      .when({ ...revert, sender: RELAYER })
      .thenRefused('CONFIRMATION_MISMATCH', 'txHash');
    given(relayed, submitted(), expired)
      .when({ ...revert, sender: RELAYER })
      .then(reverted);
  });
});

describe('a reorg', () => {
  it('takes back what was in its blocks, so that the creation is on its way again', () => {
    given(requested, deployed()).when(retract).then(retracted);
    given(requested, reverted).when(retract).then(retracted);
    given(requested, deployed(), retracted).when(expire).then(expired);
  });
  it('leaves alone what was not', () => {
    given(requested, deployed())
      .when({ ...retract, blockHashes: [BLOCK_2] })
      .thenNothing();
    given(requested, submitted()).when(retract).thenNothing();
    given(requested, expired).when(retract).thenNothing();
  });
});

it('no event means anything before the request', () => {
  expect(given(submitted(), deployed(), retracted, expired).state).toEqual({ status: 'NONE' });
});

it.each([confirm, revert, submit, fail, expire, retract])(
  '$type means nothing without a request',
  (command) => {
    given().when(command).thenRefused('POOL_NOT_REQUESTED', 'commandId');
  },
);
