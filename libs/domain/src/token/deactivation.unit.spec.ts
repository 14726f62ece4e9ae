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
  INPUT_HASH,
  MINED,
  OTHER_ID,
  OTHER_INPUT_HASH,
  RELAYER,
  THIRD_ID,
  TOKEN_A,
  TOKEN_B,
  TX_1,
  TX_2,
} from '../samples.fixture.js';
import { specify } from '../specification.js';
import type { RequestTokenDeactivation } from './commands.js';
import { tokenDecider } from './decisions.js';
import type { TokenEvent } from './events.js';

const { given } = specify(tokenDecider);
const IN_BLOCK_2 = { txHash: TX_2, blockNumber: 8, blockHash: BLOCK_2 } as const;

const created: TokenEvent = {
  type: 'TokenCreationRequested',
  version: 1,
  data: {
    tokenId: ID,
    creator: ALICE,
    name: 'Gold',
    symbol: 'GOLD',
    decimals: 0,
    supply: '1',
    totalSupply: '1',
    description: '',
    metadataURI: '',
    ...ENVELOPE,
  },
};
const deployed: TokenEvent = {
  type: 'TokenDeployed',
  version: 1,
  data: { tokenId: ID, tokenAddress: TOKEN_A, ...MINED },
};
const live = [created, deployed] as const;

const request: RequestTokenDeactivation = {
  type: 'RequestTokenDeactivation',
  commandId: OTHER_ID,
  requestedBy: ALICE,
  ...ENVELOPE,
};
const requested: TokenEvent = {
  type: 'TokenDeactivationRequested',
  version: 1,
  data: { tokenId: ID, commandId: OTHER_ID, requestedBy: ALICE, ...ENVELOPE },
};
const relayed: TokenEvent = { ...requested, data: { ...requested.data, execution: 'RELAYED' } };
const submitted = (txHash = TX_2): TokenEvent => ({
  type: 'TokenDeactivationSubmitted',
  version: 1,
  data: { tokenId: ID, commandId: OTHER_ID, txHash },
});
const confirmed: TokenEvent = {
  type: 'TokenDeactivationConfirmed',
  version: 1,
  data: { tokenId: ID, ...IN_BLOCK_2 },
};
const failed = (
  code: string,
  reason: string,
  txHash: string | null = null,
  blockHash: string | null = null,
): TokenEvent => ({
  type: 'TokenDeactivationFailed',
  version: 1,
  data: { tokenId: ID, commandId: OTHER_ID, code, reason, txHash, blockHash },
});
const expired = failed('EXPIRED', 'The deadline passed before the chain carried it out');
const reverted = failed('REVERTED', 'The contract gave no reason', TX_2, BLOCK_2);
const retracted: TokenEvent = {
  type: 'TokenDeactivationRetracted',
  version: 1,
  data: { tokenId: ID, txHash: TX_2, blockHash: BLOCK_2 },
};
const deploymentRetracted: TokenEvent = {
  type: 'TokenDeploymentRetracted',
  version: 1,
  data: { tokenId: ID, txHash: TX_1, blockHash: BLOCK_1 },
};
const submit = { type: 'SubmitTokenDeactivation', commandId: OTHER_ID, txHash: TX_2, by: ALICE } as const;
const confirm = { type: 'ConfirmTokenDeactivation', tokenAddress: TOKEN_A, ...IN_BLOCK_2 } as const;
const revert = {
  type: 'RevertTokenDeactivation',
  commandId: OTHER_ID,
  sender: ALICE,
  reason: null,
  ...IN_BLOCK_2,
} as const;
const fail = {
  type: 'FailTokenDeactivation',
  commandId: OTHER_ID,
  code: 'REFUSED_BY_SIMULATION',
  reason: 'No',
} as const;
const expire = { type: 'ExpireTokenDeactivation', commandId: OTHER_ID, at: AFTER_DEADLINE } as const;

describe('a request to deactivate a token', () => {
  it('is accepted from its creator once the token is on the chain', () => {
    given(...live)
      .when(request)
      .then(requested);
  });
  it('is refused before the token is on the chain', () => {
    given(created).when(request).thenRefused('TOKEN_NOT_DEPLOYED', 'tokenAddress');
    given(...live, deploymentRetracted)
      .when(request)
      .thenRefused('TOKEN_NOT_DEPLOYED', 'tokenAddress');
    given().when(request).thenRefused('TOKEN_NOT_REQUESTED', 'tokenId');
  });
  it('is refused from anyone else', () => {
    given(...live)
      .when({ ...request, requestedBy: BOB })
      .thenRefused('NOT_THE_CREATOR', 'tokenAddress');
  });
  it('is refused while another is on its way, and after the token was deactivated', () => {
    const another = { ...request, commandId: THIRD_ID };
    given(...live, requested)
      .when(another)
      .thenRefused('DEACTIVATION_PENDING', 'tokenAddress');
    given(...live, requested, submitted())
      .when(another)
      .thenRefused('DEACTIVATION_PENDING', 'tokenAddress');
    given(...live, requested, confirmed)
      .when(another)
      .thenRefused('TOKEN_DEACTIVATED', 'tokenAddress');
  });
  it('is accepted under another key after one has failed', () => {
    given(...live, requested, expired)
      .when({ ...request, commandId: THIRD_ID })
      .then({ ...requested, data: { ...requested.data, commandId: THIRD_ID } });
  });
  it('changes nothing when it comes again, whatever has happened since', () => {
    given(...live, requested)
      .when(request)
      .thenNothing();
    given(...live, requested, confirmed)
      .when(request)
      .thenNothing();
    const next: TokenEvent = { ...requested, data: { ...requested.data, commandId: THIRD_ID } };
    given(...live, requested, expired, next)
      .when(request)
      .thenNothing();
  });
  it('is refused under a key of another input or of the creation itself', () => {
    given(...live, requested)
      .when({ ...request, inputHash: OTHER_INPUT_HASH })
      .thenRefused('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey');
    given(...live)
      .when({ ...request, commandId: ID, inputHash: INPUT_HASH })
      .thenRefused('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey');
  });
  it('is refused after its deadline', () => {
    given(...live)
      .when({ ...request, requestedAt: DEADLINE })
      .thenRefused('DEADLINE_EXPIRED', 'deadline');
  });
});

describe('the transaction of a deactivation', () => {
  it('is recorded, again when it was replaced, and not twice', () => {
    given(...live, requested)
      .when(submit)
      .then(submitted());
    given(...live, requested, submitted(TX_1))
      .when(submit)
      .then(submitted());
    given(...live, requested, submitted())
      .when(submit)
      .thenNothing();
    given(...live, requested, confirmed)
      .when({ ...submit, txHash: TX_1 })
      .thenNothing();
  });
  it('is refused from another address, for another command and after a failure', () => {
    given(...live, requested)
      .when({ ...submit, by: BOB })
      .thenRefused('NOT_THE_CALLER', 'commandId');
    given(...live, requested)
      .when({ ...submit, commandId: THIRD_ID })
      .thenRefused('DEACTIVATION_NOT_REQUESTED', 'commandId');
    given(...live, requested, expired)
      .when(submit)
      .thenRefused('COMMAND_CLOSED', 'commandId');
  });
});

describe('a deactivation on the chain', () => {
  it.each([
    ['requested', [requested]],
    ['submitted', [requested, submitted()]],
    ['expired', [requested, expired]],
    ['reverted', [requested, reverted]],
    ['not requested at all', []],
  ] as const)('counts though it was %s', (_belief, history) => {
    given(...live, ...history)
      .when(confirm)
      .then(confirmed);
  });
  it('is recorded once', () => {
    given(...live, requested, confirmed)
      .when(confirm)
      .thenNothing();
  });
  it('is refused of another token, of one not deployed, and a second time', () => {
    given(...live)
      .when({ ...confirm, tokenAddress: TOKEN_B })
      .thenRefused('CONFIRMATION_MISMATCH', 'tokenAddress');
    given(created).when(confirm).thenRefused('TOKEN_NOT_DEPLOYED', 'tokenAddress');
    given(...live, confirmed)
      .when({ ...confirm, txHash: TX_1 })
      .thenRefused('CONFIRMATION_MISMATCH', 'txHash');
  });
});

describe('a deactivation that fails', () => {
  it('keeps its reason', () => {
    given(...live, requested)
      .when(fail)
      .then(failed('REFUSED_BY_SIMULATION', 'No'));
    given(...live, requested, submitted())
      .when(expire)
      .then(expired);
    given(...live, requested, submitted())
      .when(revert)
      .then(reverted);
    given(...live, requested, expired)
      .when({ ...revert, reason: 'NotCreator' })
      .then(failed('REVERTED', 'NotCreator', TX_2, BLOCK_2));
  });
  it('stays as it ended', () => {
    given(...live, requested, confirmed)
      .when(fail)
      .thenNothing();
    given(...live, requested, confirmed)
      .when(expire)
      .thenNothing();
    given(...live, requested, confirmed)
      .when(revert)
      .thenNothing();
    given(...live, requested, reverted)
      .when(revert)
      .thenNothing();
    given(...live, requested, expired)
      .when(expire)
      .thenNothing();
  });
  it('does not expire in the second of its deadline', () => {
    given(...live, requested)
      .when({ ...expire, at: DEADLINE })
      .thenRefused('COMMAND_NOT_EXPIRED', 'at');
  });
  it('is not believed where another sent the transaction', () => {
    given(...live, requested)
      .when({ ...revert, sender: BOB })
      .thenRefused('CONFIRMATION_MISMATCH', 'sender');
    given(...live, relayed)
      .when({ ...revert, sender: RELAYER })
      .thenRefused('CONFIRMATION_MISMATCH', 'txHash');
    given(...live, relayed, submitted(), expired)
      .when({ ...revert, sender: RELAYER })
      .then(reverted);
  });
  it.each([fail, expire, revert])('$type means nothing without a request', (command) => {
    given(...live)
      .when(command)
      .thenRefused('DEACTIVATION_NOT_REQUESTED', 'commandId');
  });
});

describe('a reorg', () => {
  const retract = { type: 'RetractToken', blockHashes: [BLOCK_2] } as const;

  it('takes a deactivation back, so that it is on its way again', () => {
    given(...live, requested, confirmed)
      .when(retract)
      .then(retracted);
    given(...live, requested, reverted)
      .when(retract)
      .then(retracted);
    given(...live, requested, confirmed, retracted)
      .when(expire)
      .then(expired);
  });
  it('takes back one that nobody requested, so that it can be requested', () => {
    given(...live, confirmed)
      .when(retract)
      .then(retracted);
    given(...live, confirmed, retracted)
      .when(request)
      .then(requested);
  });
  it('takes deactivation and deployment back where both were in its blocks', () => {
    given(...live, requested, confirmed)
      .when({ ...retract, blockHashes: [BLOCK_2, BLOCK_1] })
      .then(retracted, deploymentRetracted);
  });
  it('leaves alone a deactivation that no block held', () => {
    given(...live, requested, expired)
      .when(retract)
      .thenNothing();
  });
});

it('no event of a deactivation means anything before its request', () => {
  const { state } = given(...live);
  expect(given(...live, submitted()).state).toEqual(state);
  expect(given(...live, expired).state).toEqual(state);
  expect(given(...live, retracted).state).toEqual(state);
});

it('knows the transaction of a deactivation that the chain carried out, then took back', () => {
  given(...live, requested, confirmed, retracted)
    .when(submit)
    .thenNothing();
});
