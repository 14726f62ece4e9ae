import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { quoteSwap } from '@abland/domain';
import type { DomainEvent } from '@abland/kernel';
import { id, Interface, Wallet } from 'ethers';
import pg from 'pg';
import { openMarket, RESERVE_A, RESERVE_B, TOKEN_A, TOKEN_B, UNIT } from './market-fixture.js';
import { CONTRACTS, startTestApi, type TestApi } from './test-api.js';
import {
  delegationFacts,
  governanceFacts,
  proposalFact,
  queuedFact,
  swapFeeFact,
  type TestProposal,
  voteFact,
} from './test-chain.js';

const [ALICE, BOB, CAROL] = [1, 2, 3].map((key) => new Wallet(id(`person ${key}`)).address) as [
  string,
  string,
  string,
];
const SET_SWAP_FEE = new Interface(['function setSwapFee(uint256)']).encodeFunctionData('setSwapFee', [25n]);
const TRANSFER = new Interface(['function transfer(address,uint256)']).encodeFunctionData('transfer', [
  BOB,
  7n,
]);
const ETA = 1_800_000_000;

const PROPOSALS = `query ($first: Int, $after: Cursor, $filter: ProposalFilterInput, $votes: Int) {
  proposals(first: $first, after: $after, filter: $filter) {
    edges { cursor node {
      id state proposer description voteCount
      votes(first: $votes) { edges { node { voter support weight reason finality { status } } } pageInfo { hasNextPage endCursor } }
    } }
    pageInfo { hasNextPage endCursor }
  }
}`;

let api: TestApi;
const query = (document: string, variables: object = {}) => api.client.query(document, variables);
const refusal = (document: string, variables: object = {}) => api.client.refusal(document, variables);

beforeAll(async () => {
  api = await startTestApi();
  await openMarket(api);
});
afterAll(() => api.stop());

async function mine(...facts: DomainEvent[]): Promise<number> {
  const number = await api.chain.mine({ facts, txHash: api.chain.nextTxHash() });
  await api.settle();
  return number;
}

const proposal = (over: Partial<TestProposal> & { readonly id: string }): TestProposal => ({
  proposer: ALICE,
  target: CONTRACTS.liquidityManager,
  calldata: SET_SWAP_FEE,
  description: 'Lower the <b>swap fee</b>',
  voteStart: api.chain.number + 1,
  ...over,
});

describe('governance', () => {
  it('says that its settings are not known before their facts came', async () => {
    expect(await refusal('{ governance { governor } }')).toMatchObject({
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    });
  });

  it('tells its contracts and settings', async () => {
    await mine(...governanceFacts());
    const { governance } = await query(`{ governance {
      governor timelock token chainId clock votingDelay votingPeriod proposalThreshold quorumPercent quorum votesSupply
      timelockDelaySeconds finality { status blockNumber }
    } }`);
    expect(governance).toEqual({
      ...CONTRACTS.governance,
      chainId: 31337,
      votingDelay: 1,
      votingPeriod: 3,
      proposalThreshold: '1000',
      quorumPercent: 4,
      quorum: '40000',
      votesSupply: '1000000',
      timelockDelaySeconds: 60,
      finality: { status: 'CONFIRMED', blockNumber: api.chain.number },
    });
  });

  it('tells the votes of an account', async () => {
    const block = await mine(...delegationFacts(BOB, ALICE, 50_000n));
    const POWER = `query ($address: Address!) {
      votingPower(address: $address) { account votes delegate finality { blockNumber } }
    }`;
    const powerOf = async (address: string) => (await query(POWER, { address })).votingPower;
    expect(await powerOf(ALICE)).toEqual({
      account: ALICE,
      votes: '50000',
      delegate: null,
      finality: { blockNumber: block },
    });
    expect(await powerOf(BOB)).toMatchObject({ votes: '0', delegate: ALICE });
    expect(await powerOf(CAROL)).toEqual({ account: CAROL, votes: '0', delegate: null, finality: null });
    expect(await refusal(POWER, { address: '0x12' })).toMatchObject({
      extensions: { code: 'INVALID_ADDRESS', field: 'address' },
    });
  });
});

describe('a proposal', () => {
  const ID = `${2n ** 256n - 5n}`;
  const PROPOSAL = `query ($id: BigIntString!) { proposal(id: $id) {
    id state proposer description descriptionHash quorum clock votingStarts votingEnds forVotes againstVotes abstainVotes voteCount
    executableAt txHash queuedTxHash executedTxHash canceledTxHash createdAt finality { blockNumber blockHash }
    actions { target value calldata call { contract function signature text arguments { name type value } } }
  } }`;
  const read = async () => (await query(PROPOSAL, { id: ID })).proposal;

  it('shows what it would do, decoded, and moves through its states', async () => {
    const created = await mine(proposalFact(proposal({ id: ID })));
    expect(await read()).toMatchObject({
      id: ID,
      state: 'PENDING',
      proposer: ALICE,
      description: 'Lower the <b>swap fee</b>',
      descriptionHash: id('Lower the <b>swap fee</b>'),
      clock: 'BLOCKS',
      votingStarts: created,
      votingEnds: created + 3,
      quorum: '40000',
      executableAt: null,
      finality: { blockNumber: created },
      actions: [
        {
          target: CONTRACTS.liquidityManager,
          value: '0',
          calldata: SET_SWAP_FEE,
          call: {
            contract: 'ABLiquidityManager',
            function: 'setSwapFee',
            signature: 'setSwapFee(uint256)',
            text: 'ABLiquidityManager.setSwapFee(25)',
            arguments: [{ name: expect.any(String), type: 'uint256', value: '25' }],
          },
        },
      ],
    });
    await mine(voteFact(ID, ALICE, 'FOR', 39_999n), voteFact(ID, BOB, 'ABSTAIN', 1n));
    expect(await read()).toMatchObject({
      state: 'ACTIVE',
      forVotes: '39999',
      abstainVotes: '1',
      voteCount: 2,
    });
    for (let block = 0; block < 3; block += 1) await mine();
    expect(await read()).toMatchObject({ state: 'SUCCEEDED' });
    const queued = await mine(queuedFact(ID, ETA));
    expect(await read()).toMatchObject({
      state: 'QUEUED',
      executableAt: new Date(ETA * 1000).toISOString(),
      queuedTxHash: expect.stringMatching(/^0x/),
      finality: { blockNumber: queued },
    });
  });

  it('decodes calls of launched tokens, and leaves what it does not know', async () => {
    await mine(
      proposalFact(proposal({ id: '701', target: TOKEN_A, calldata: TRANSFER })),
      proposalFact(proposal({ id: '702', target: CAROL, calldata: TRANSFER })),
      proposalFact(proposal({ id: '703', calldata: '0xdeadbeef' })),
    );
    const callOf = async (id: string) =>
      (await query(PROPOSAL, { id })).proposal.actions[0].call?.text ?? null;
    expect(await callOf('701')).toBe(`ABToken.transfer(${BOB}, 7)`);
    expect(await callOf('702')).toBeNull();
    expect(await callOf('703')).toBeNull();
  });

  it('that is not there is null, and a malformed id is refused by name', async () => {
    expect((await query(PROPOSAL, { id: '1' })).proposal).toBeNull();
    for (const bad of ['', '-1', '0x1', '01', `${2n ** 256n}`]) {
      expect(await refusal(PROPOSAL, { id: bad })).toMatchObject({
        extensions: { code: 'INVALID_ID', field: 'id' },
      });
    }
  });
});

describe('proposals', () => {
  it('are listed newest first with their votes, by state and proposer, a page at a time', async () => {
    await mine(
      proposalFact(proposal({ id: '801', proposer: CAROL, voteStart: api.chain.number })),
      proposalFact(proposal({ id: '802', proposer: CAROL, voteStart: api.chain.number })),
      voteFact('801', ALICE, 'FOR', 3n),
      voteFact('801', BOB, 'AGAINST', 4n),
      voteFact('802', BOB, 'ABSTAIN', 5n),
    );
    const { proposals } = await query(PROPOSALS, { filter: { proposer: CAROL }, votes: 1 });
    expect(proposals.edges).toMatchObject([
      { node: { id: '802', state: 'ACTIVE', votes: { edges: [{ node: { voter: BOB, weight: '5' } }] } } },
      {
        node: {
          id: '801',
          votes: {
            edges: [
              {
                node: { voter: ALICE, support: 'FOR', reason: 'because', finality: { status: 'CONFIRMED' } },
              },
            ],
            pageInfo: { hasNextPage: true },
          },
        },
      },
    ]);
    const first = (await query(PROPOSALS, { first: 1, filter: { state: 'ACTIVE' } })).proposals;
    expect(first.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(['802']);
    const after = first.pageInfo.endCursor;
    const second = (await query(PROPOSALS, { first: 1, after, filter: { state: 'ACTIVE' } })).proposals;
    expect(second.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(['801']);
  });

  it('read the votes of a whole page in one query', async () => {
    const asked = jest.spyOn(pg.Query.prototype as unknown as { submit: () => void }, 'submit');
    try {
      const { proposals } = await query(PROPOSALS, { first: 50 });
      expect(proposals.edges.length).toBeGreaterThan(4);
      const texts = asked.mock.contexts.map((one) => (one as unknown as pg.QueryConfig).text);
      expect(texts.filter((text) => text.includes('FROM read_model.proposal_votes v'))).toHaveLength(1);
    } finally {
      asked.mockRestore();
    }
  });

  it.each([
    ['first', { first: 0 }, 'INVALID_PAGINATION', 'first'],
    ['after', { after: 'nonsense' }, 'INVALID_PAGINATION', 'after'],
    ['votes', { first: 1, votes: 101 }, 'INVALID_PAGINATION', 'first'],
    ['a proposer', { filter: { proposer: '0x12' } }, 'INVALID_ADDRESS', 'proposer'],
    ['a state', { filter: { state: 'OPEN' } }, 'GRAPHQL_VALIDATION_FAILED', 'state'],
  ])('refuse %s that cannot be', async (_, variables, code, field) => {
    expect(await refusal(PROPOSALS, variables)).toMatchObject({ extensions: { code, field } });
  });
});

describe('fees', () => {
  const FEES = `{ fees { swapFeeBps protocolFeeBps tokenCreationFee finality { blockNumber } }
    feeChanges(kind: SWAP) { edges { node { kind oldValue newValue txHash time finality { blockNumber } } } } }`;

  it('change with the facts of the chain, in quotes too', async () => {
    const QUOTE = `query ($tokenIn: Address!, $tokenOut: Address!, $amountIn: BigIntString!) {
      quote(tokenIn: $tokenIn, tokenOut: $tokenOut, amountIn: $amountIn) { amountOut fee }
    }`;
    const variables = { tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: `${UNIT}` };
    const quoted = (swapFee: bigint) => {
      const fees = { swapFee, protocolFee: 10n };
      const { amountOut, fee } = quoteSwap({ reserveIn: RESERVE_A, reserveOut: RESERVE_B }, fees, UNIT);
      return { amountOut: `${amountOut}`, fee: `${fee}` };
    };
    expect((await query(QUOTE, variables)).quote).toEqual(quoted(30n));
    const block = await mine(swapFeeFact(30n, 25n));
    expect((await query(QUOTE, variables)).quote).toEqual(quoted(25n));
    const { fees, feeChanges } = await query(FEES);
    expect(fees).toEqual({
      swapFeeBps: 25,
      protocolFeeBps: 10,
      tokenCreationFee: '1000',
      finality: { blockNumber: block },
    });
    expect(feeChanges.edges).toMatchObject([
      { node: { kind: 'SWAP', oldValue: '30', newValue: '25', finality: { blockNumber: block } } },
      { node: { kind: 'SWAP', oldValue: '0', newValue: '30', finality: { blockNumber: 1 } } },
    ]);
  });
});
