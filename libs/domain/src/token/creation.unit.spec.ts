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
  MINED_AGAIN,
  MINED_OTHER,
  OTHER_INPUT_HASH,
  RELAYER,
  TOKEN_A,
  TOKEN_B,
  TX_1,
  TX_2,
} from '../samples.fixture.js';
import { specify } from '../specification.js';
import type { ConfirmTokenCreation, RequestTokenCreation } from './commands.js';
import { tokenDecider } from './decisions.js';
import type { TokenEvent } from './events.js';

const { given } = specify(tokenDecider);

const request: RequestTokenCreation = {
  type: 'RequestTokenCreation',
  tokenId: ID,
  creator: ALICE,
  name: 'Gold Coin',
  symbol: 'GOLD',
  decimals: 6,
  supply: 1_000_000n,
  description: 'A coin.',
  metadataURI: 'ipfs://bafy',
  ...ENVELOPE,
};
const requested: TokenEvent = {
  type: 'TokenCreationRequested',
  version: 1,
  data: {
    tokenId: ID,
    creator: ALICE,
    name: 'Gold Coin',
    symbol: 'GOLD',
    decimals: 6,
    supply: '1000000',
    totalSupply: '1000000000000',
    description: 'A coin.',
    metadataURI: 'ipfs://bafy',
    ...ENVELOPE,
  },
};
const relayed: TokenEvent = { ...requested, data: { ...requested.data, execution: 'RELAYED' } };
const submitted = (txHash = TX_1): TokenEvent => ({
  type: 'TokenCreationSubmitted',
  version: 1,
  data: { tokenId: ID, txHash },
});
const deployed = (mined: typeof MINED | typeof MINED_AGAIN = MINED): TokenEvent => ({
  type: 'TokenDeployed',
  version: 1,
  data: { tokenId: ID, tokenAddress: TOKEN_A, ...mined },
});
const failed = (
  code: string,
  reason: string,
  txHash: string | null = null,
  blockHash: string | null = null,
): TokenEvent => ({
  type: 'TokenCreationFailed',
  version: 1,
  data: { tokenId: ID, code, reason, txHash, blockHash },
});
const expired = failed('EXPIRED', 'The deadline passed before the chain carried it out');
const reverted = failed('REVERTED', 'CreationFeeTooLow', TX_1, BLOCK_1);
const retracted: TokenEvent = {
  type: 'TokenDeploymentRetracted',
  version: 1,
  data: { tokenId: ID, txHash: TX_1, blockHash: BLOCK_1 },
};
const confirm: ConfirmTokenCreation = {
  type: 'ConfirmTokenCreation',
  tokenAddress: TOKEN_A,
  creator: ALICE,
  name: 'Gold Coin',
  symbol: 'GOLD',
  totalSupply: 1_000_000_000_000n,
  ...MINED,
};
const revert = { type: 'RevertTokenCreation', sender: ALICE, reason: 'CreationFeeTooLow', ...MINED } as const;
const submit = { type: 'SubmitTokenCreation', txHash: TX_1, by: ALICE } as const;
const fail = { type: 'FailTokenCreation', code: 'REFUSED_BY_SIMULATION', reason: 'No funds' } as const;
const expire = { type: 'ExpireTokenCreation', at: AFTER_DEADLINE } as const;
const retract = { type: 'RetractToken', blockHashes: [BLOCK_2, BLOCK_1] } as const;

describe('a request to create a token', () => {
  it('is accepted with its supply in base units', () => {
    given().when(request).then(requested);
  });
  it('is accepted up to 10^27 tokens of 18 decimals', () => {
    given()
      .when({ ...request, supply: 10n ** 27n, decimals: 18 })
      .then({
        ...requested,
        data: {
          ...requested.data,
          decimals: 18,
          supply: `1${'0'.repeat(27)}`,
          totalSupply: `1${'0'.repeat(45)}`,
        },
      });
  });
  it('changes nothing when it comes again, whatever has happened since and however late', () => {
    const again = { ...request, requestedAt: AFTER_DEADLINE };
    given(requested).when(again).thenNothing();
    given(requested, submitted(), deployed()).when(again).thenNothing();
    given(requested, expired).when(again).thenNothing();
  });
  it('is refused under the key of another input', () => {
    given(requested)
      .when({ ...request, inputHash: OTHER_INPUT_HASH })
      .thenRefused('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey');
  });
  it.each([
    [{ name: 'Gold\u0000' }, 'INVALID_NAME', 'name'],
    [{ symbol: 'gold' }, 'INVALID_SYMBOL', 'symbol'],
    [{ decimals: 19 }, 'INVALID_DECIMALS', 'decimals'],
    [{ supply: 0n }, 'INVALID_SUPPLY', 'totalSupply'],
    [{ supply: 10n ** 27n + 1n }, 'INVALID_SUPPLY', 'totalSupply'],
    [{ description: 'x'.repeat(501) }, 'INVALID_DESCRIPTION', 'description'],
    [{ metadataURI: 'ipfs://b afy' }, 'INVALID_METADATA_URI', 'metadataURI'],
    [{ requestedAt: DEADLINE }, 'DEADLINE_EXPIRED', 'deadline'],
    [{ deadline: '2026-01-02T12:00:01.000Z' }, 'DEADLINE_TOO_FAR', 'deadline'],
  ] as const)('is refused with %j as %s', (part, code, field) => {
    given()
      .when({ ...request, ...part })
      .thenRefused(code, field);
  });
});

describe('the transaction of a token creation', () => {
  it('is recorded when its creator tells it', () => {
    given(requested).when(submit).then(submitted());
  });
  it('is recorded when our sender tells it', () => {
    given(relayed)
      .when({ ...submit, by: null })
      .then(submitted());
  });
  it('is recorded again when the wallet replaced it', () => {
    given(requested, submitted())
      .when({ ...submit, txHash: TX_2 })
      .then(submitted(TX_2));
  });
  it('changes nothing where it is known or the token is there', () => {
    given(requested, submitted()).when(submit).thenNothing();
    given(requested, deployed())
      .when({ ...submit, txHash: TX_2 })
      .thenNothing();
    given(requested, submitted(), expired).when(submit).thenNothing();
  });
  it('is refused from another address', () => {
    given(requested)
      .when({ ...submit, by: BOB })
      .thenRefused('NOT_THE_CALLER', 'commandId');
  });
  it('is refused from the creator where our sender sends it', () => {
    given(relayed).when(submit).thenRefused('WRONG_EXECUTION', 'commandId');
  });
  it('is refused after the creation has failed', () => {
    given(requested, expired).when(submit).thenRefused('COMMAND_CLOSED', 'commandId');
  });
});

describe('a token that the chain created', () => {
  it.each([
    ['requested', [requested]],
    ['submitted', [requested, submitted()]],
    ['submitted by another transaction', [requested, submitted(TX_2)]],
    ['given up', [requested, failed('REFUSED_BY_SIMULATION', 'No funds')]],
    ['expired', [requested, expired]],
    ['reverted', [requested, reverted]],
    ['taken back by a reorg', [requested, deployed(), retracted]],
  ] as const)('is deployed though it was believed %s', (_belief, history) => {
    given(...history)
      .when(confirm)
      .then(deployed());
  });
  it('is recorded once', () => {
    given(requested, deployed()).when(confirm).thenNothing();
  });
  it('is recorded again when its transaction was mined again in another block', () => {
    given(requested, deployed())
      .when({ ...confirm, ...MINED_AGAIN })
      .then(deployed(MINED_AGAIN));
  });
  it.each([
    [{ creator: BOB }, 'creator'],
    [{ name: 'Gold  Coin' }, 'name'],
    [{ symbol: 'GOLD2' }, 'symbol'],
    [{ totalSupply: 1_000_000_000_001n }, 'totalSupply'],
  ] as const)('is not the one requested with another %j', (part, field) => {
    given(requested)
      .when({ ...confirm, ...part })
      .thenRefused('CONFIRMATION_MISMATCH', field);
  });
  it('is not a second one of the same command', () => {
    given(requested, deployed())
      .when({ ...confirm, ...MINED_OTHER, tokenAddress: TOKEN_B })
      .thenRefused('CONFIRMATION_MISMATCH', 'txHash');
  });
  it('is the one requested whatever the case of its creator is', () => {
    given(requested)
      .when({ ...confirm, creator: ALICE.toLowerCase() })
      .then(deployed());
  });
});

describe('a token creation that fails', () => {
  it('keeps the reason for which it cannot be sent', () => {
    given(requested).when(fail).then(failed('REFUSED_BY_SIMULATION', 'No funds'));
    given(requested, submitted()).when(fail).then(failed('REFUSED_BY_SIMULATION', 'No funds'));
  });
  it('stays as it ended', () => {
    given(requested, deployed()).when(fail).thenNothing();
    given(requested, expired).when(fail).thenNothing();
    given(requested, deployed()).when(expire).thenNothing();
    given(requested, reverted).when(expire).thenNothing();
  });
  it('expires after its deadline and not in its second', () => {
    given(requested, submitted()).when(expire).then(expired);
    given(requested)
      .when({ ...expire, at: DEADLINE })
      .thenRefused('COMMAND_NOT_EXPIRED', 'at');
  });
  it('keeps the reason for which the contract reverted, also after it expired', () => {
    given(requested).when(revert).then(reverted);
    given(requested, expired).when(revert).then(reverted);
  });
  it('says so where the contract gave no reason', () => {
    given(requested)
      .when({ ...revert, reason: null })
      .then(failed('REVERTED', 'The contract gave no reason', TX_1, BLOCK_1));
  });
  it('is recorded once, and not against a token that is there', () => {
    given(requested, reverted).when(revert).thenNothing();
    given(requested, deployed())
      .when({ ...revert, ...MINED_OTHER })
      .thenNothing();
  });
  it('is not believed where another sent the transaction', () => {
    given(requested)
      .when({ ...revert, sender: BOB })
      .thenRefused('CONFIRMATION_MISMATCH', 'sender');
  });
  it('is believed of a relayed creation where it is the transaction that our sender told', () => {
    given(relayed, submitted())
      .when({ ...revert, sender: RELAYER })
      .then(reverted);
    given(relayed, submitted(TX_2))
      .when({ ...revert, sender: RELAYER })
      .thenRefused('CONFIRMATION_MISMATCH', 'txHash');
    given(relayed, submitted(), expired)
      .when({ ...revert, sender: RELAYER })
      .then(reverted);
  });
});

describe('a reorg', () => {
  it('takes a deployment back, so that the creation is on its way again', () => {
    given(requested, deployed()).when(retract).then(retracted);
    given(requested, deployed(), retracted).when(submit).thenNothing();
    given(requested, deployed(), retracted).when(expire).then(expired);
  });
  it('takes the revert of a creation back', () => {
    given(requested, reverted).when(retract).then(retracted);
  });
  it('leaves alone what is not in its blocks', () => {
    given(requested).when(retract).thenNothing();
    given(requested, expired).when(retract).thenNothing();
    given(requested, deployed())
      .when({ ...retract, blockHashes: [BLOCK_2] })
      .thenNothing();
    given(requested, deployed(), retracted).when(retract).thenNothing();
  });
});

it('no event means anything before the request', () => {
  expect(given(submitted(), deployed(), retracted, expired).state).toEqual({ status: 'NONE' });
});

it.each([confirm, revert, submit, fail, expire, retract])(
  '$type means nothing without a request',
  (command) => {
    given().when(command).thenRefused('TOKEN_NOT_REQUESTED', 'tokenId');
  },
);

it('keeps the input hash that a repeated request is compared with', () => {
  given(requested, deployed(), retracted, expired)
    .when({ ...request, inputHash: INPUT_HASH })
    .thenNothing();
});
