import { describe, expect, it } from '@jest/globals';
import { REQUESTED_TYPES, type RequestOutcome } from '@abland/domain';
import { specify } from '../testing/specification.js';
import { asked, ASKS } from '../testing/simulated-requests.js';
import { told } from '../testing/told-events.js';
import { requestsProjection } from './projection.js';
import { requests } from './tables.js';

const commandId = '00000000-0000-4000-8000-000000000001';
const chainId = 7;
const ALICE = `0x${'a'.repeat(40)}`;
const hash = (digit: string): string => `0x${digit.repeat(64)}`;
const [TX, OTHER_TX, BLOCK] = [hash('3'), hash('4'), hash('5')];
const LATER = '2026-01-01T12:10:00.000Z';

const of = { commandId, chainId };
const { TokenCreationRequested, TokenDeactivationRequested, SwapRequested } = ASKS;
const begun = (type: keyof typeof ASKS, terms: object = ASKS[type]) =>
  told(type, asked({ ...of, requester: ALICE }, terms) as never);
const swap = begun('SwapRequested');
const submitted = told('RequestSubmitted', { ...of, txHash: TX });
const mined = { ...of, txHash: TX, blockNumber: 9, blockHash: BLOCK };
const confirmed = (outcome: RequestOutcome) => told('RequestConfirmed', { ...mined, outcome });
const swapped = { kind: 'SWAP', amountIn: '10', amountOut: '9' } as const;
const reverted = told('RequestReverted', { ...mined, reason: 'Expired()\0' });
const retracted = told('RequestRetracted', { ...of, txHash: TX, blockHash: BLOCK });
const rejected = (code = 'INSUFFICIENT_BALANCE', chain: number | null = chainId) =>
  told('CommandRejected', {
    ...{ commandId, chainId: chain, address: ALICE, command: 'swap', code, field: 'amountIn' },
    ...{ reason: 'less is there\0', inputHash: hash('2'), at: LATER },
  });
const relayRequested = told('RelayRequested', {
  ...of,
  forward: { from: ALICE, to: ALICE, value: '0', gas: '1', nonce: '0', deadline: 1, data: '0x' },
});
const authorized = told('RelayAuthorized', { ...of, signature: '0x00' });
const attemptFailed = told('RelayAttemptFailed', {
  ...of,
  ...{ attempt: 1, reason: 'the node is away\0', retryAt: LATER },
});
const signed = (txHash: string, replaces: string | null = null) =>
  told('RelayerTransactionSigned', {
    ...{ chainId, relayer: ALICE, nonce: 0, commandId, txHash, rawTransaction: '0x00', replaces },
  });
const NOT_MINED = { block_number: null, block_hash: null, outcome: null } as const;
const NO_FAILURE = { failure_code: null, failure_reason: null, failure_field: null } as const;
const NOT_RELAYED = { relay_status: null, relay_failure: null } as const;
const { given } = specify(requestsProjection);

describe('requests begin', () => {
  it('accepted, with their terms and who asked until when', () => {
    given()
      .when(swap)
      .then(requests, {
        command_id: commandId,
        chain_id: chainId,
        kind: 'SWAP',
        requester: ALICE,
        status: 'ACCEPTED',
        execution: 'WALLET',
        terms: { ...SwapRequested },
        deadline: '2026-01-01T12:30:00.000Z',
        token: null,
        pool_id: SwapRequested.poolId,
        tx_hash: null,
        ...{ ...NOT_MINED, ...NO_FAILURE, ...NOT_RELAYED },
        input_hash: hash('1'),
        correlation_id: 'correlation',
        requested_at: '2026-01-01T12:00:00.000Z',
      });
  });

  it.each([
    ['TokenCreationRequested', 'CREATE_TOKEN', null, null],
    ['TokenDeactivationRequested', 'DEACTIVATE_TOKEN', TokenDeactivationRequested.tokenAddress, null],
    ['PoolCreationRequested', 'CREATE_POOL', null, SwapRequested.poolId],
    ['LiquidityAdditionRequested', 'ADD_LIQUIDITY', null, SwapRequested.poolId],
    ['LiquidityRemovalRequested', 'REMOVE_LIQUIDITY', null, SwapRequested.poolId],
    ['SwapRequested', 'SWAP', null, SwapRequested.poolId],
  ] as const)('by %s as %s, found by the token or pool that they name', (type, kind, token, pool_id) => {
    given()
      .when(begun(type))
      .then(requests, { kind, token, pool_id, terms: { ...ASKS[type] } });
  });

  it('by each event that begins one', () => {
    expect(Object.keys(ASKS).sort()).toEqual([...REQUESTED_TYPES].sort());
  });
});

describe('requests go on', () => {
  it('submitted, with the transaction told last', () => {
    given(swap, told('RequestSubmitted', { ...of, txHash: OTHER_TX }))
      .when(submitted)
      .then(requests, { status: 'SUBMITTED', tx_hash: TX, ...NOT_MINED });
  });

  it('confirmed where the chain carried them out, with what came of it', () => {
    given(swap, submitted)
      .when(confirmed(swapped))
      .then(requests, {
        ...{ status: 'CONFIRMED', tx_hash: TX, block_number: 9, block_hash: BLOCK, outcome: swapped },
        ...{ token: null, pool_id: SwapRequested.poolId },
      });
  });

  it('with the token that was created, until a reorg takes it back', () => {
    const created = confirmed({ kind: 'CREATE_TOKEN', tokenAddress: ALICE });
    given(begun('TokenCreationRequested'))
      .when(created)
      .then(requests, { token: ALICE, terms: { ...TokenCreationRequested } });
    given(begun('TokenCreationRequested'), created)
      .when(retracted)
      .then(requests, { token: null, status: 'SUBMITTED', ...NOT_MINED });
  });

  it('with the token that is to be deactivated, also after a reorg', () => {
    const token = TokenDeactivationRequested.tokenAddress;
    const done = confirmed({ kind: 'DEACTIVATE_TOKEN', tokenAddress: token });
    given(begun('TokenDeactivationRequested'), done).when(retracted).then(requests, { token });
  });

  it('finalized, as they were confirmed', () => {
    given(swap, confirmed(swapped))
      .when(told('RequestFinalized', { ...of, blockNumber: 9 }))
      .then(requests, { status: 'FINALIZED', block_number: 9, outcome: swapped });
  });

  it('failed, with the reason', () => {
    given(swap, submitted)
      .when(told('RequestFailed', { ...of, code: 'REFUSED_BY_SIMULATION', reason: 'no\0' }))
      .then(requests, {
        ...{ status: 'FAILED', failure_code: 'REFUSED_BY_SIMULATION', failure_reason: 'no\u{fffd}' },
        ...{ tx_hash: TX, ...NOT_MINED },
      });
  });

  it('expired, with the time', () => {
    given(swap)
      .when(told('RequestExpired', { ...of, at: LATER }))
      .then(requests, {
        ...{ status: 'EXPIRED', failure_code: 'EXPIRED' },
        failure_reason: `Not mined by its deadline, seen at ${LATER}`,
      });
  });

  it('reverted where the contract refused them, with its reason if it is known', () => {
    given(swap, submitted)
      .when(reverted)
      .then(requests, {
        ...{ status: 'REVERTED', tx_hash: TX, block_number: 9, block_hash: BLOCK, outcome: null },
        ...{ failure_code: 'REVERTED', failure_reason: 'Expired()\u{fffd}' },
      });
    given(swap)
      .when(told('RequestReverted', { ...mined, reason: null }))
      .then(requests, { failure_code: 'REVERTED', failure_reason: null });
  });

  it.each([
    ['a confirmation', confirmed(swapped)],
    ['a revert', reverted],
  ])('submitted again when a reorg takes %s back', (_, outcome) => {
    given(swap, submitted, outcome)
      .when(retracted)
      .then(requests, { status: 'SUBMITTED', tx_hash: TX, ...NOT_MINED, ...NO_FAILURE });
  });

  it.each([
    ['expired', told('RequestExpired', { ...of, at: LATER })],
    ['failed', told('RequestFailed', { ...of, code: 'REFUSED', reason: 'no' })],
    ['reverted', reverted],
  ])('confirmed without a failure where the chain did what had %s', (_, end) => {
    given(swap, end)
      .when(confirmed(swapped))
      .then(requests, { status: 'CONFIRMED', outcome: swapped, ...NO_FAILURE });
  });

  it('never, where nothing was requested', () => {
    given().when(submitted).thenRefused('An event of something unknown');
  });
});

describe('what our sender does for a request', () => {
  it('begins with the signature that it asks for, and goes on when it has it', () => {
    given(swap).when(relayRequested).then(requests, { relay_status: 'REQUESTED', status: 'ACCEPTED' });
    given(swap, relayRequested).when(authorized).then(requests, { relay_status: 'AUTHORIZED' });
  });

  it('tells why an attempt failed, until a transaction is signed', () => {
    given(swap, relayRequested, authorized)
      .when(attemptFailed)
      .then(requests, {
        ...{ relay_status: 'RETRYING', relay_failure: 'the node is away\u{fffd}', ...NO_FAILURE },
        tx_hash: null,
      });
    given(swap, relayRequested, authorized, attemptFailed)
      .when(signed(TX))
      .then(requests, {
        ...{ relay_status: 'SIGNED', relay_failure: null, tx_hash: TX, status: 'ACCEPTED' },
      });
  });

  it('shows the newest of its transactions while none is mined, and then the one that was', () => {
    given(swap, signed(TX), submitted)
      .when(signed(OTHER_TX, TX))
      .then(requests, { tx_hash: OTHER_TX, status: 'SUBMITTED' });
    given(swap, signed(TX), confirmed(swapped))
      .when(signed(OTHER_TX, TX))
      .then(requests, { tx_hash: TX, status: 'CONFIRMED' });
  });
});

describe('a rejected command', () => {
  it('is kept with what refused it, as it has no request', () => {
    given()
      .when(rejected())
      .then(requests, {
        ...{ command_id: commandId, chain_id: chainId, kind: 'swap', requester: ALICE, status: 'REJECTED' },
        ...{ execution: null, terms: null, deadline: null, token: null, pool_id: null, tx_hash: null },
        ...{ ...NOT_MINED, ...NOT_RELAYED, failure_code: 'INSUFFICIENT_BALANCE' },
        ...{ failure_reason: 'less is there\u{fffd}', failure_field: 'amountIn' },
        ...{ input_hash: hash('2'), correlation_id: 'correlation', requested_at: LATER },
      });
  });

  it('may concern no chain', () => {
    given().when(rejected('NOT_THE_CALLER', null)).then(requests, { chain_id: null });
  });

  it('tells the newest refusal', () => {
    given(rejected()).when(rejected('POOL_EXISTS')).then(requests, { failure_code: 'POOL_EXISTS' });
  });

  it('gives way to the request that is accepted under its id, and never hides one', () => {
    given(rejected())
      .when(swap)
      .then(requests, { status: 'ACCEPTED', kind: 'SWAP', ...NO_FAILURE });
    given(swap).when(rejected()).thenNothing();
  });
});
