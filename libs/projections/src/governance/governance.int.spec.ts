import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GovernanceClock } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { parkedEvents } from '../parked-events.js';
import type { Fact } from '@abland/testing/market';
import { ProjectionBench } from '../testing/projection-bench.js';
import { SeededRandom } from '@abland/testing/seeded-random';
import { CHAIN_ID, CHAIN_STREAM, OTHER_CHAIN_ID, SimulatedChain } from '../testing/simulated-chain.js';
import { listProposals, proposalById, type ProposalState } from './proposals-query.js';
import { governanceSettingsNow } from './settings-query.js';
import { voteMismatches, votesOfProposals } from './votes-query.js';
import { votingPowerOf } from './voting-power-query.js';

const at = (letter: string): string => `0x${letter.repeat(40)}`;
const [ALICE, BOB, CAROL, NOBODY] = [at('a'), at('b'), at('c'), at('0')];
const hash = (letter: string): string => `0x${letter.repeat(64)}`;

const proposed = (
  proposalId: string,
  voteStart: number,
  voteEnd: number,
  proposer = ALICE,
  clock: GovernanceClock = 'BLOCKS',
): Fact => ({
  type: 'ProposalCreated',
  data: {
    proposalId,
    proposer,
    targets: [BOB],
    values: ['7'],
    signatures: [''],
    calldatas: ['0x1234'],
    clock,
    voteStart,
    voteEnd,
    description: 'why\0',
    descriptionHash: hash('d'),
    operationId: `0x${BigInt(proposalId).toString(16).padStart(64, '0')}`,
  },
});
const voted = (proposalId: string, voter: string, support: string, weight: bigint): Fact => ({
  type: 'VoteCast',
  data: { proposalId, voter, support, weight: `${weight}`, reason: 'because', params: '0x' },
});
const queued = (proposalId: string): Fact => ({
  type: 'ProposalQueued',
  data: { proposalId, eta: 1_700_001_000 },
});
const operation = (proposalId: string) => ({
  operationId: `0x${BigInt(proposalId).toString(16).padStart(64, '0')}`,
});
const executedCall = (proposalId: string): Fact => ({
  type: 'TimelockCallExecuted',
  data: { ...operation(proposalId), index: 0, target: BOB, value: '7', calldata: '0x1234' },
});

/** The opening facts say: supply 1,000,000 and a quorum of 4 percent, so 40,000 votes. */
const QUORUM = 40_000n;

describe('governance as its facts tell it', () => {
  let bench: ProjectionBench;
  let chain: SimulatedChain;

  beforeAll(async () => {
    bench = await ProjectionBench.open(new MemoryEventStore());
    chain = new SimulatedChain(new SeededRandom(11));
  });
  afterAll(() => bench.close());

  const mine = async (...facts: readonly Fact[]): Promise<void> => {
    await bench.store.append(CHAIN_STREAM, chain.mine(facts.map((fact) => () => [fact])), 'any');
  };
  const mineUpTo = async (block: number): Promise<void> => {
    while ((chain.head?.number ?? 0) < block) await mine();
    await bench.project();
  };
  const stateOf = async (id: string): Promise<ProposalState | null | undefined> =>
    (await proposalById(bench.db, { chainId: CHAIN_ID, id }))?.state;

  it('has the settings of the constructors, and none before', async () => {
    expect(await governanceSettingsNow(bench.db, CHAIN_ID)).toBeNull();
    await mineUpTo(1);
    expect(await governanceSettingsNow(bench.db, CHAIN_ID)).toEqual({
      clock: 'BLOCKS',
      votingDelay: 1,
      votingPeriod: 8,
      proposalThreshold: '1000',
      quorumPercent: 4,
      quorum: `${QUORUM}`,
      timelockDelay: 60,
      votesSupply: '1000000',
      updatedBlock: 1,
    });
  });

  it('moves a proposal with the head alone, at the very blocks of the contract', async () => {
    await mine(proposed('1', 4, 6)); // block 2
    await mineUpTo(4);
    expect(await stateOf('1')).toBe('PENDING');
    await mineUpTo(5);
    expect(await stateOf('1')).toBe('ACTIVE');
    await mine(voted('1', ALICE, 'FOR', QUORUM)); // block 6
    await mineUpTo(6);
    expect(await stateOf('1')).toBe('ACTIVE');
    await mineUpTo(7);
    expect(await stateOf('1')).toBe('SUCCEEDED');
  });

  it.each<[string, ProposalState, (id: string) => readonly Fact[]]>([
    ['nobody voted', 'DEFEATED', () => []],
    ['one vote is missing to the quorum', 'DEFEATED', (id) => [voted(id, ALICE, 'FOR', QUORUM - 1n)]],
    ['the quorum is met', 'SUCCEEDED', (id) => [voted(id, ALICE, 'FOR', QUORUM)]],
    [
      'abstaining makes the quorum up',
      'SUCCEEDED',
      (id) => [voted(id, ALICE, 'FOR', 1n), voted(id, BOB, 'ABSTAIN', QUORUM - 1n)],
    ],
    [
      'votes against do not make the quorum up',
      'DEFEATED',
      (id) => [voted(id, ALICE, 'FOR', QUORUM / 2n), voted(id, BOB, 'AGAINST', QUORUM / 2n - 1n)],
    ],
    [
      'as many are against',
      'DEFEATED',
      (id) => [voted(id, ALICE, 'FOR', QUORUM), voted(id, BOB, 'AGAINST', QUORUM)],
    ],
    [
      'most are for',
      'SUCCEEDED',
      (id) => [voted(id, ALICE, 'FOR', QUORUM), voted(id, BOB, 'AGAINST', QUORUM - 1n)],
    ],
    ['it is queued', 'QUEUED', (id) => [voted(id, ALICE, 'FOR', QUORUM), queued(id)]],
    [
      'it is executed',
      'EXECUTED',
      (id) => [
        voted(id, ALICE, 'FOR', QUORUM),
        queued(id),
        executedCall(id),
        { type: 'ProposalExecuted', data: { proposalId: id } },
      ],
    ],
    [
      'somebody executes it on the timelock itself',
      'EXECUTED',
      (id) => [voted(id, ALICE, 'FOR', QUORUM), queued(id), executedCall(id)],
    ],
    [
      'its operation is cancelled',
      'CANCELED',
      (id) => [
        voted(id, ALICE, 'FOR', QUORUM),
        queued(id),
        { type: 'TimelockOperationCancelled', data: operation(id) },
      ],
    ],
    ['it is canceled', 'CANCELED', (id) => [{ type: 'ProposalCanceled', data: { proposalId: id } }]],
  ])('where %s after the voting: %s', async (_, state, facts) => {
    const head = chain.head?.number ?? 0;
    const id = `${1_000 + head}`;
    await mine(proposed(id, head + 1, head + 2));
    await mine(...facts(id));
    await mineUpTo(head + 3);
    expect(await stateOf(id)).toBe(state);
    expect(await voteMismatches(bench.db)).toEqual([]);
  });

  it('judges by the quorum of the block whose votes count, not by a later one', async () => {
    const head = chain.head?.number ?? 0;
    const raise: Fact = { type: 'QuorumNumeratorUpdated', data: { oldValue: '4', newValue: '50' } };
    await mine(proposed('21', head + 1, head + 3), voted('21', ALICE, 'FOR', QUORUM));
    await mine(raise, proposed('22', head + 2, head + 3), voted('22', ALICE, 'FOR', QUORUM));
    await mine({ type: 'QuorumNumeratorUpdated', data: { oldValue: '50', newValue: '4' } });
    await mineUpTo(head + 4);
    const [first, second] = await Promise.all(
      ['21', '22'].map((id) => proposalById(bench.db, { chainId: CHAIN_ID, id })),
    );
    expect(first).toMatchObject({ state: 'SUCCEEDED', quorum: '40000' });
    expect(second).toMatchObject({ state: 'DEFEATED', quorum: '500000' });
  });

  it('moves a proposal whose clock counts seconds with the time of the head', async () => {
    const { number, time } = chain.head ?? { number: 0, time: 0 };
    const raise: Fact = { type: 'QuorumNumeratorUpdated', data: { oldValue: '4', newValue: '50' } };
    // A block is 12 seconds. Its votes count at the block's own time, before the quorum is raised.
    await mine(proposed('23', time + 12, time + 36, ALICE, 'SECONDS'), voted('23', ALICE, 'FOR', QUORUM));
    await mineUpTo(number + 1);
    expect(await stateOf('23')).toBe('PENDING');
    await mine(raise);
    await mineUpTo(number + 3);
    expect(await stateOf('23')).toBe('ACTIVE');
    await mine({ type: 'QuorumNumeratorUpdated', data: { oldValue: '50', newValue: '4' } });
    await mineUpTo(number + 4);
    expect(await proposalById(bench.db, { chainId: CHAIN_ID, id: '23' })).toMatchObject({
      ...{ state: 'SUCCEEDED', quorum: `${QUORUM}`, clock: 'SECONDS', votingStarts: time + 12 },
    });
  });

  it('does not mix a chain with another that has proposals of the same ids', async () => {
    const other = new SimulatedChain(new SeededRandom(11), 12, OTHER_CHAIN_ID);
    const ofHere = async () => [
      await proposalById(bench.db, { chainId: CHAIN_ID, id: '1' }),
      await proposalById(bench.db, { chainId: CHAIN_ID, id: '23' }),
      await governanceSettingsNow(bench.db, CHAIN_ID),
      await votingPowerOf(bench.db, { chainId: CHAIN_ID, account: BOB }),
    ];
    const before = await ofHere();
    const facts: readonly Fact[] = [
      { type: 'QuorumNumeratorUpdated', data: { oldValue: '4', newValue: '50' } },
      { type: 'DelegateVotesChanged', data: { delegate: BOB, oldVotes: '0', newVotes: '7' } },
      proposed('23', 1, 2, BOB),
      voted('23', BOB, 'AGAINST', 7n),
      queued('23'),
    ];
    await bench.store.append(other.stream, other.mine(facts.map((fact) => () => [fact])), 'any');
    await bench.project();
    expect(await ofHere()).toEqual(before);
    const ofOther = { chainId: OTHER_CHAIN_ID, page: { first: 5 } };
    expect((await listProposals(bench.db, ofOther)).edges.map(({ node }) => node)).toMatchObject([
      {
        ...{ chainId: OTHER_CHAIN_ID, id: '23', proposer: BOB, state: 'PENDING', quorum: '500000' },
        ...{ againstVotes: '7', eta: 1_700_001_000 },
      },
    ]);
    expect(await governanceSettingsNow(bench.db, OTHER_CHAIN_ID)).toMatchObject({ quorumPercent: 50 });
    expect(await votingPowerOf(bench.db, { chainId: OTHER_CHAIN_ID, account: BOB })).toMatchObject({
      votes: '7',
    });
    const votes = await votesOfProposals(bench.db, { ...ofOther, proposalIds: ['23'] });
    expect(votes.get('23')?.edges.map(({ node }) => [node.chainId, node.voter])).toEqual([
      [OTHER_CHAIN_ID, BOB],
    ]);
    expect(await voteMismatches(bench.db)).toEqual([]);
  });

  it('takes votes and ends back with their blocks', async () => {
    const head = chain.head?.number ?? 0;
    await mine(proposed('31', head, head + 1), voted('31', ALICE, 'FOR', QUORUM));
    await mine(voted('31', BOB, 'FOR', 5n), queued('31'), executedCall('31'));
    await mineUpTo(head + 2);
    expect(await proposalById(bench.db, { chainId: CHAIN_ID, id: '31' })).toMatchObject({
      state: 'EXECUTED',
      forVotes: `${QUORUM + 5n}`,
      voteCount: 2,
    });
    await bench.store.append(CHAIN_STREAM, chain.revert(1), 'any');
    await mineUpTo(head + 3);
    expect(await proposalById(bench.db, { chainId: CHAIN_ID, id: '31' })).toMatchObject({
      state: 'SUCCEEDED',
      forVotes: `${QUORUM}`,
      voteCount: 1,
      updatedBlock: head + 1,
    });
    expect(await voteMismatches(bench.db)).toEqual([]);
  });

  it('counts a second vote of the same voter for nothing', async () => {
    const head = chain.head?.number ?? 0;
    await mine(proposed('41', head, head + 2), voted('41', ALICE, 'FOR', 5n));
    await mine(voted('41', ALICE, 'AGAINST', 9n));
    await mineUpTo(head + 2);
    expect(await proposalById(bench.db, { chainId: CHAIN_ID, id: '41' })).toMatchObject({
      forVotes: '5',
      againstVotes: '0',
      voteCount: 1,
    });
    const parked = await parkedEvents(bench.pool);
    expect(parked.map(({ type }) => type)).toEqual(['VoteCast']);
  });

  it('lists proposals newest first, by state and by proposer, a page at a time', async () => {
    const head = chain.head?.number ?? 0;
    await mine(proposed('51', head, head + 9, CAROL), proposed('52', head, head + 9, CAROL));
    await mineUpTo(head + 1);
    const list = async (filter: { state?: ProposalState; proposer?: string }, first = 10, after?: string) => {
      const input = { chainId: CHAIN_ID, filter, page: { first, after: after ?? null } };
      return listProposals(bench.db, input);
    };
    const ids = (page: Awaited<ReturnType<typeof list>>) => page.edges.map(({ node }) => node.id);
    expect(ids(await list({ proposer: CAROL }))).toEqual(['52', '51']);
    expect(ids(await list({ state: 'ACTIVE' }))).toEqual(['52', '51']);
    expect(ids(await list({ state: 'EXPIRED' }))).toEqual([]);
    const first = await list({ proposer: CAROL }, 1);
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(ids(await list({ proposer: CAROL }, 1, first.pageInfo.endCursor ?? ''))).toEqual(['51']);
    expect(first.edges[0]?.node.actions).toEqual([
      { target: BOB, value: '7', signature: '', calldata: '0x1234' },
    ]);
    expect(first.edges[0]?.node.description).toBe('why\u{fffd}');
  });

  it('gives the votes of many proposals in one query, a page of each', async () => {
    const head = chain.head?.number ?? 0;
    await mine(
      voted('51', ALICE, 'FOR', 1n),
      voted('51', BOB, 'AGAINST', 2n),
      voted('52', CAROL, 'ABSTAIN', 3n),
    );
    await mineUpTo(head + 1);
    const pages = await votesOfProposals(bench.db, {
      chainId: CHAIN_ID,
      proposalIds: ['52', '51', '7'],
      page: { first: 1 },
    });
    const told = [...pages].map(([id, page]) => [
      id,
      page.edges.map(({ node }) => node.voter),
      page.pageInfo.hasNextPage,
    ]);
    expect(told).toEqual([
      ['52', [CAROL], false],
      ['51', [ALICE], true],
      ['7', [], false],
    ]);
    const after = pages.get('51')?.pageInfo.endCursor ?? null;
    const next = await votesOfProposals(bench.db, {
      chainId: CHAIN_ID,
      proposalIds: ['51'],
      page: { first: 5, after },
    });
    expect(next.get('51')?.edges.map(({ node }) => [node.voter, node.support, node.weight])).toEqual([
      [BOB, 'AGAINST', '2'],
    ]);
  });

  it('knows who votes for whom', async () => {
    const powerOf = (account: string) => votingPowerOf(bench.db, { chainId: CHAIN_ID, account });
    await mine(
      { type: 'VotesDelegated', data: { delegator: ALICE, fromDelegate: NOBODY, toDelegate: BOB } },
      { type: 'DelegateVotesChanged', data: { delegate: BOB, oldVotes: '0', newVotes: '900' } },
    );
    await mineUpTo(chain.head?.number ?? 0);
    expect(await powerOf(ALICE)).toMatchObject({ votes: '0', delegate: BOB });
    expect(await powerOf(BOB)).toMatchObject({ votes: '900', delegate: null });
    expect(await powerOf(CAROL)).toMatchObject({ votes: '0', updatedBlock: null });
    await mine({ type: 'VotesDelegated', data: { delegator: ALICE, fromDelegate: BOB, toDelegate: NOBODY } });
    await mineUpTo(chain.head?.number ?? 0);
    expect(await powerOf(ALICE)).toMatchObject({ delegate: null });
  });

  it('tells a row that sums its votes wrongly', async () => {
    await bench.pool.query(
      `UPDATE read_model.proposals SET for_votes = for_votes + 1 WHERE proposal_id = '51'`,
    );
    expect(await voteMismatches(bench.db)).toEqual([
      { chainId: CHAIN_ID, proposalId: '51', summed: ['2', '2', '0', '2'], counted: ['1', '2', '0', '2'] },
    ]);
  });
});
