import { describe, expect, it } from '@jest/globals';
import { getAddress, hexlify, Interface, keccak256, toUtf8Bytes, ZeroAddress } from 'ethers';
import fc from 'fast-check';
import type { BlockLog } from '../blocks/chain-block.js';
import { INTERFACES } from '../contracts/interfaces.js';
import { LogDecoder } from './decode-log.js';

const at = (byte: string): string => getAddress(`0x${byte.repeat(20)}`);
const [FACTORY, MANAGER, GOVERNOR, TIMELOCK, TOKEN, ALICE, BOB] = [
  'a1',
  'b2',
  'c3',
  'd4',
  'e5',
  'f6',
  '07',
].map(at) as [string, string, string, string, string, string, string];
const decoder = new LogDecoder({
  tokenFactory: FACTORY,
  liquidityManager: MANAGER,
  forwarder: null,
  checkpoint: null,
  governance: { governor: GOVERNOR, timelock: TIMELOCK, token: TOKEN, clock: 'SECONDS' },
});
const TX = `0x${'77'.repeat(32)}`;
const PROPOSAL = 2n ** 256n - 1n;
const OPERATION = `0x${'0f'.repeat(32)}`;
const PREDECESSOR = `0x${'00'.repeat(32)}`;

/** The Governor's events with bytes in the place of strings: what a contract can emit, whatever it calls a string. */
const rawGovernor = new Interface([
  'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, bytes[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, bytes description)',
  'event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, bytes reason)',
]);

function logOf(
  address: string,
  contract: Interface,
  event: string,
  values: unknown[],
  topic0?: string,
): BlockLog {
  const { topics, data } = contract.encodeEventLog(event, values);
  const [own = '', ...others] = topics;
  return {
    address: address.toLowerCase(),
    topics: [topic0 ?? own, ...others],
    data,
    txHash: TX,
    logIndex: 0,
  };
}

const governor = INTERFACES.ABGovernance;
const topicOf = (name: 'ProposalCreated' | 'VoteCast'): string => governor.getEvent(name).topicHash;
const decode = (log: BlockLog) => decoder.decode(log, () => false);

const proposed = (description: Uint8Array, calldatas = ['0x1234']): BlockLog =>
  logOf(
    GOVERNOR,
    rawGovernor,
    'ProposalCreated',
    [PROPOSAL, ALICE, [MANAGER], [5n], ['0x'], calldatas, 10n, 30n, description],
    topicOf('ProposalCreated'),
  );
const voted = (reason: Uint8Array, support = 1): BlockLog =>
  logOf(GOVERNOR, rawGovernor, 'VoteCast', [ALICE, PROPOSAL, support, 7n, reason], topicOf('VoteCast'));

describe('logs of governance', () => {
  it('tell a proposal with its actions and the hash that queueing asks for', () => {
    const log = proposed(toUtf8Bytes('Lower the fee'));
    expect(decode(log)).toEqual({
      kind: 'fact',
      fact: {
        type: 'ProposalCreated',
        version: 1,
        data: {
          contract: GOVERNOR,
          proposalId: PROPOSAL.toString(),
          proposer: ALICE,
          targets: [MANAGER],
          values: ['5'],
          signatures: [''],
          calldatas: ['0x1234'],
          clock: 'SECONDS',
          voteStart: 10,
          voteEnd: 30,
          description: 'Lower the fee',
          descriptionHash: keccak256(toUtf8Bytes('Lower the fee')),
          operationId: expect.stringMatching(/^0x[0-9a-f]{64}$/),
          log: { address: GOVERNOR, topics: log.topics, data: log.data },
        },
      },
    });
  });

  it.each([
    [0, 'AGAINST'],
    [1, 'FOR'],
    [2, 'ABSTAIN'],
  ])('tell a vote of kind %d', (support, told) => {
    expect(decode(voted(toUtf8Bytes('why not'), support))).toMatchObject({
      fact: {
        type: 'VoteCast',
        data: { voter: ALICE, support: told, weight: '7', reason: 'why not', params: '0x' },
      },
    });
  });

  it('tell a vote with parameters as a vote', () => {
    const log = logOf(GOVERNOR, governor, 'VoteCastWithParams', [BOB, 1n, 2, 9n, 'so', '0xabcd']);
    expect(decode(log)).toMatchObject({
      fact: { type: 'VoteCast', data: { voter: BOB, support: 'ABSTAIN', reason: 'so', params: '0xabcd' } },
    });
  });

  it('are not hidden by a text that is no UTF-8', () => {
    const broken = Uint8Array.of(0x61, 0xff, 0xed, 0xa0, 0x80, 0x62);
    expect(decode(voted(broken))).toMatchObject({ kind: 'fact', fact: { data: { weight: '7' } } });
    const proposal = decode(proposed(broken));
    expect(proposal).toMatchObject({ fact: { data: { descriptionHash: keccak256(broken) } } });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const vote = decode(voted(bytes));
        if (vote.kind !== 'fact' || vote.fact.type !== 'VoteCast') throw new Error('no vote');
        expect(vote.fact.data.reason.isWellFormed()).toBe(true);
      }),
    );
  });

  it('are cut where a text or the log is longer than the event log can hold', () => {
    const vote = decode(voted(new Uint8Array(600_000).fill(0x61)));
    if (vote.kind !== 'fact' || vote.fact.type !== 'VoteCast') throw new Error('no vote');
    expect(vote.fact.data.reason).toHaveLength(10_000);
    expect(JSON.stringify(vote.fact).length).toBeLessThan(400_000);
  });

  it('are set aside where a proposal has more calldata than the event log can hold', () => {
    const long = hexlify(new Uint8Array(131_073));
    expect(decode(proposed(toUtf8Bytes('much'), [long]))).toMatchObject({
      kind: 'parked',
      fact: { data: { role: 'GOVERNOR', clock: 'SECONDS', reason: expect.stringContaining('131073 bytes') } },
    });
    expect(decode(voted(toUtf8Bytes(''), 3))).toMatchObject({ kind: 'parked' });
  });

  it('tell settings, queueing and ends', () => {
    const events: [string, unknown[], object][] = [
      [
        'VotingDelaySet',
        [1n, 2n],
        { type: 'VotingDelaySet', data: { oldValue: '1', newValue: '2', clock: 'SECONDS' } },
      ],
      [
        'VotingPeriodSet',
        [1n, 2n],
        { type: 'VotingPeriodSet', data: { oldValue: '1', newValue: '2', clock: 'SECONDS' } },
      ],
      [
        'ProposalThresholdSet',
        [1n, 2n],
        { type: 'ProposalThresholdSet', data: { oldValue: '1', newValue: '2' } },
      ],
      [
        'QuorumNumeratorUpdated',
        [3n, 4n],
        { type: 'QuorumNumeratorUpdated', data: { oldValue: '3', newValue: '4' } },
      ],
      [
        'TimelockChange',
        [ZeroAddress, TIMELOCK],
        { type: 'GovernanceTimelockChanged', data: { newTimelock: TIMELOCK } },
      ],
      [
        'ProposalQueued',
        [PROPOSAL, 99n],
        { type: 'ProposalQueued', data: { proposalId: `${PROPOSAL}`, eta: 99 } },
      ],
      ['ProposalExecuted', [1n], { type: 'ProposalExecuted', data: { proposalId: '1' } }],
      ['ProposalCanceled', [1n], { type: 'ProposalCanceled', data: { proposalId: '1' } }],
    ];
    for (const [event, values, fact] of events)
      expect(decode(logOf(GOVERNOR, governor, event, values))).toMatchObject({ kind: 'fact', fact });
  });

  it('tell what the timelock does', () => {
    const timelock = INTERFACES.ABTimelock;
    const call = { operationId: OPERATION, index: 1, target: MANAGER, value: '2', calldata: '0x12' };
    const scheduled = [OPERATION, 1n, MANAGER, 2n, '0x12', PREDECESSOR, 60n];
    expect(decode(logOf(TIMELOCK, timelock, 'CallScheduled', scheduled))).toMatchObject({
      fact: { type: 'TimelockCallScheduled', data: { ...call, delay: '60' } },
    });
    expect(decode(logOf(TIMELOCK, timelock, 'CallExecuted', scheduled.slice(0, 5)))).toMatchObject({
      fact: { type: 'TimelockCallExecuted', data: call },
    });
    expect(decode(logOf(TIMELOCK, timelock, 'Cancelled', [OPERATION]))).toMatchObject({
      fact: { type: 'TimelockOperationCancelled', data: { operationId: OPERATION } },
    });
    expect(decode(logOf(TIMELOCK, timelock, 'MinDelayChange', [1n, 2n]))).toMatchObject({
      fact: { type: 'TimelockDelayChanged', data: { oldValue: '1', newValue: '2' } },
    });
    expect(decode(logOf(TIMELOCK, timelock, 'CallSalt', [OPERATION, PREDECESSOR]))).toMatchObject({
      fact: { type: 'TimelockSaltTold', data: { operationId: OPERATION, salt: PREDECESSOR } },
    });
    expect(decode(logOf(TIMELOCK, timelock, 'RoleGranted', [OPERATION, ALICE, BOB]))).toMatchObject({
      fact: { type: 'RoleGranted', data: { role: OPERATION, account: ALICE, sender: BOB } },
    });
  });

  it('tell of the votes token its supply and who votes for whom, but no transfer', () => {
    const token = INTERFACES.ABToken;
    expect(decode(logOf(TOKEN, token, 'Transfer', [ZeroAddress, ALICE, 9n]))).toMatchObject({
      fact: { type: 'GovernanceTokenMinted', data: { to: ALICE, amount: '9' } },
    });
    expect(decode(logOf(TOKEN, token, 'Transfer', [ALICE, BOB, 9n]))).toEqual({ kind: 'ignored' });
    expect(decode(logOf(TOKEN, token, 'DelegateChanged', [ALICE, ZeroAddress, BOB]))).toMatchObject({
      fact: { type: 'VotesDelegated', data: { delegator: ALICE, toDelegate: BOB } },
    });
    expect(decode(logOf(TOKEN, token, 'DelegateVotesChanged', [BOB, 1n, 10n]))).toMatchObject({
      fact: { type: 'DelegateVotesChanged', data: { delegate: BOB, oldVotes: '1', newVotes: '10' } },
    });
  });
});
