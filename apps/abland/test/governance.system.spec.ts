import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readArtifact } from '@abland/contracts';
import { quoteSwap } from '@abland/domain';
import { deployerAccount } from '@abland/embedded/chain';
import { Contract, id, JsonRpcProvider, toBeHex, Wallet, ZeroHash } from 'ethers';
import { type ApiClient, createApiClient } from '../src/demo/api-client.js';
import { MAIN, SystemUnderTest } from './system-under-test.js';

const run = promisify(execFile);

/** As the Governor numbers its states. */
const STATES = ['PENDING', 'ACTIVE', 'CANCELED', 'DEFEATED', 'SUCCEEDED', 'QUEUED', 'EXPIRED', 'EXECUTED'];
const [AGAINST, FOR] = [0, 1];
const WITHIN_MS = 120_000;

interface ProposalView {
  readonly state: string;
  readonly forVotes: string;
  readonly voteCount: number;
  readonly votingEnds: number;
  readonly executableAt: string | null;
  readonly queuedTxHash: string | null;
  readonly executedTxHash: string | null;
  readonly actions: readonly { readonly call: { readonly text: string } | null }[];
  readonly votes: { readonly edges: readonly { readonly node: Readonly<Record<string, unknown>> }[] };
  readonly finality: { readonly status: string };
}
const PROPOSAL = `query ($id: BigIntString!) { proposal(id: $id) {
  state forVotes voteCount votingEnds executableAt queuedTxHash executedTxHash
  actions { call { text } }
  votes { edges { node { voter support weight reason } } }
  finality { status }
} }`;

/** Contracts, addresses and wallets of the running system. */
class Scene {
  readonly provider: JsonRpcProvider;
  readonly deployer: Wallet;
  readonly api: ApiClient;

  private constructor(
    system: SystemUnderTest,
    readonly governor: Contract,
    readonly timelock: Contract,
    readonly token: Contract,
    readonly manager: Contract,
    deployer: Wallet,
    provider: JsonRpcProvider,
  ) {
    this.api = createApiClient(system.apiUrl);
    this.provider = provider;
    this.deployer = deployer;
  }

  static async open(system: SystemUnderTest): Promise<Scene> {
    const provider = new JsonRpcProvider(system.rpcUrl, undefined, { pollingInterval: 20, cacheTimeout: -1 });
    const deployer = new Wallet(deployerAccount().privateKey, provider);
    const { governance, _meta } = await createApiClient(system.apiUrl).query<{
      governance: Record<'governor' | 'timelock' | 'token', string>;
      _meta: { contracts: { liquidityManager: string } };
    }>('{ governance { governor timelock token } _meta { contracts { liquidityManager } } }');
    const at = (name: Parameters<typeof readArtifact>[0], address: string): Contract =>
      new Contract(address, readArtifact(name).abi, deployer);
    return new Scene(
      system,
      at('ABGovernance', governance.governor),
      at('ABTimelock', governance.timelock),
      at('ABToken', governance.token),
      at('ABLiquidityManager', _meta.contracts.liquidityManager),
      deployer,
      provider,
    );
  }

  /** Sends one after the other without waiting for blocks in between; returns their hashes when all are mined. */
  async send(...calls: readonly (readonly [Contract, string, ...unknown[]])[]): Promise<readonly string[]> {
    const first = await this.provider.getTransactionCount(this.deployer.address, 'latest');
    const sent = [];
    for (const [index, [contract, name, ...args]] of calls.entries()) {
      const overrides = { nonce: first + index, gasLimit: 2_000_000 };
      sent.push(await contract.getFunction(name).send(...args, overrides));
    }
    return Promise.all(
      sent.map(async (response) => {
        const receipt = await response.wait();
        if (receipt?.status !== 1) throw new Error(`${response.hash} was reverted`);
        return response.hash;
      }),
    );
  }

  mine = async (blocks: number): Promise<void> => {
    for (let mined = 0; mined < blocks; mined += 1) await this.provider.send('evm_mine', []);
  };

  /** A proposal as the API tells it, with the state that the contract has at the very block of the answer. */
  async proposal(id: bigint): Promise<ProposalView> {
    for (const until = Date.now() + WITHIN_MS; Date.now() < until;) {
      const head = await this.provider.getBlockNumber();
      const before = await this.indexedBlock();
      const { proposal } = await this.api.query<{ proposal: ProposalView | null }>(PROPOSAL, { id: `${id}` });
      const settled = before === head && (await this.indexedBlock()) === before;
      if (!settled || proposal === null) continue;
      const state = (await this.governor.getFunction('state').staticCall(id, { blockTag: before })) as bigint;
      expect(proposal.state).toBe(STATES[Number(state)]);
      return proposal;
    }
    throw new Error('The API did not come to the head of the chain');
  }

  async indexedBlock(): Promise<number> {
    const { _meta } = await this.api.query<{ _meta: { indexedBlock: number } }>('{ _meta { indexedBlock } }');
    return _meta.indexedBlock;
  }
}

class Draft {
  readonly call: [string[], bigint[], string[]];
  constructor(
    manager: string,
    data: string,
    readonly description: string,
  ) {
    this.call = [[manager], [0n], [data]];
  }
  get hashed(): [string[], bigint[], string[], string] {
    return [...this.call, id(this.description)];
  }
}

describe('governance of the running system', () => {
  let system: SystemUnderTest;
  let scene: Scene;
  const drafts: Record<string, Draft> = {};
  const ids: Record<string, bigint> = {};
  const draft = (name: string): Draft => drafts[name] as Draft;
  const proposal = (name: string): Promise<ProposalView> => scene.proposal(ids[name] ?? 0n);

  beforeAll(async () => {
    system = await SystemUnderTest.create();
    await system.start();
    await run(process.execPath, [MAIN, 'demo', '--run', 'governed', '--no-final'], {
      env: system.environment,
    });
    scene = await Scene.open(system);
    const manager = String(scene.manager.target);
    const encode = (name: string, value: bigint) => scene.manager.interface.encodeFunctionData(name, [value]);
    drafts['fee'] = new Draft(manager, encode('setSwapFee', 25n), 'Lower the swap fee');
    drafts['protocol'] = new Draft(manager, encode('setProtocolFee', 5n), 'Lower the protocol’s part');
    drafts['unpopular'] = new Draft(manager, encode('setSwapFee', 99n), 'Raise the swap fee');
    drafts['ignored'] = new Draft(manager, encode('setSwapFee', 98n), 'Raise it, says nobody');
    drafts['withdrawn'] = new Draft(manager, encode('setSwapFee', 97n), 'Raise it, or not');
    for (const [name, { hashed }] of Object.entries(drafts)) {
      ids[name] = (await scene.governor.getFunction('hashProposal').staticCall(...hashed)) as bigint;
    }
  });
  afterAll(async () => {
    scene.provider.destroy();
    await system.remove();
  });

  const quoteAndFees = async () => {
    const { pools } = await scene.api.query<{
      pools: { edges: { node: { id: string; tokenA: { address: string }; tokenB: { address: string } } }[] };
    }>('{ pools(first: 1) { edges { node { id tokenA { address } tokenB { address } } } } }');
    const pool = pools.edges[0]?.node;
    const amountIn = 10n ** 18n;
    const { quote, fees } = await scene.api.query<{
      quote: { amountOut: string };
      fees: { swapFeeBps: number; protocolFeeBps: number };
    }>(
      `query ($tokenIn: Address!, $tokenOut: Address!, $amountIn: BigIntString!) {
        quote(tokenIn: $tokenIn, tokenOut: $tokenOut, amountIn: $amountIn) { amountOut }
        fees { swapFeeBps protocolFeeBps }
      }`,
      { tokenIn: pool?.tokenA.address, tokenOut: pool?.tokenB.address, amountIn: `${amountIn}` },
    );
    const [, , reserveIn, reserveOut] = (await scene.manager.getFunction('getPool').staticCall(pool?.id)) as [
      string,
      string,
      bigint,
      bigint,
    ];
    const swapFee = (await scene.manager.getFunction('swapFee').staticCall()) as bigint;
    const protocolFee = (await scene.manager.getFunction('protocolFee').staticCall()) as bigint;
    const expected = quoteSwap({ reserveIn, reserveOut }, { swapFee, protocolFee }, amountIn);
    return {
      fees,
      contract: { swapFee, protocolFee },
      quoted: quote.amountOut,
      exact: `${expected.amountOut}`,
    };
  };

  it('begins with votes delegated and proposals made, decoded for whoever reads them', async () => {
    const { fees, contract, quoted, exact } = await quoteAndFees();
    expect(fees).toEqual({ swapFeeBps: 30, protocolFeeBps: 10 });
    expect(contract).toEqual({ swapFee: 30n, protocolFee: 10n });
    expect(quoted).toBe(exact);
    const { governor, token, deployer } = scene;
    await scene.send([token, 'delegate', deployer.address]);
    await scene.send(
      ...Object.values(drafts).map(
        ({ call, description }) => [governor, 'propose', ...call, description] as const,
      ),
      [governor, 'cancel', ...draft('withdrawn').hashed],
    );
    const fee = await proposal('fee');
    expect(fee.actions[0]?.call?.text).toBe('ABLiquidityManager.setSwapFee(25)');
    expect(['PENDING', 'ACTIVE']).toContain(fee.state);
    expect((await proposal('withdrawn')).state).toBe('CANCELED');
    const { votingPower, proposals } = await scene.api.query<{
      votingPower: { votes: string };
      proposals: { edges: { node: { id: string } }[] };
    }>(
      `query ($address: Address!) {
        votingPower(address: $address) { votes }
        proposals(filter: { proposer: $address }) { edges { node { id } } }
      }`,
      { address: deployer.address },
    );
    expect(BigInt(votingPower.votes)).toBe(10n ** 27n);
    expect(new Set(proposals.edges.map(({ node }) => node.id))).toEqual(
      new Set(Object.values(ids).map(String)),
    );
  });

  it('counts votes, and takes them back with their block', async () => {
    const { governor, deployer, provider } = scene;
    await scene.mine(3);
    expect((await proposal('fee')).state).toBe('ACTIVE');
    const snapshot = (await provider.send('evm_snapshot', [])) as string;
    await scene.send([governor, 'castVote', ids['fee'], AGAINST]);
    expect((await proposal('fee')).votes.edges).toMatchObject([{ node: { support: 'AGAINST' } }]);
    expect(await provider.send('evm_revert', [snapshot])).toBe(true);
    // The reorg is seen with the block that takes the old one's place.
    await scene.send(
      [governor, 'castVoteWithReason', ids['fee'], FOR, 'cheaper is better'],
      [governor, 'castVote', ids['protocol'], FOR],
      [governor, 'castVote', ids['unpopular'], AGAINST],
    );
    const fee = await proposal('fee');
    expect(fee).toMatchObject({ voteCount: 1, forVotes: `${10n ** 27n}` });
    expect(fee.votes.edges.map(({ node }) => node)).toEqual([
      { voter: deployer.address, support: 'FOR', weight: `${10n ** 27n}`, reason: 'cheaper is better' },
    ]);
  });

  it('ends the voting at the second of the contract', async () => {
    const ends: number[] = [];
    for (const name of Object.keys(drafts)) ends.push((await proposal(name)).votingEnds);
    await scene.provider.send('evm_mine', [Math.max(...ends) + 1]);
    expect((await proposal('fee')).state).toBe('SUCCEEDED');
    expect((await proposal('protocol')).state).toBe('SUCCEEDED');
    expect((await proposal('unpopular')).state).toBe('DEFEATED');
    expect((await proposal('ignored')).state).toBe('DEFEATED');
    expect((await proposal('withdrawn')).state).toBe('CANCELED');
  });

  it('queues what was accepted', async () => {
    const [queuedTxHash] = await scene.send(
      [scene.governor, 'queue', ...draft('fee').hashed],
      [scene.governor, 'queue', ...draft('protocol').hashed],
    );
    const fee = await proposal('fee');
    expect(fee).toMatchObject({ state: 'QUEUED', queuedTxHash });
    const eta = (await scene.governor.getFunction('proposalEta').staticCall(ids['fee'])) as bigint;
    expect(fee.executableAt).toBe(new Date(Number(eta) * 1000).toISOString());
  });

  it('executes it, with the new fee in the contract and in every quote', async () => {
    const eta = (await scene.governor.getFunction('proposalEta').staticCall(ids['protocol'])) as bigint;
    await scene.provider.send('evm_mine', [Number(eta)]);
    const [executedTxHash] = await scene.send([scene.governor, 'execute', ...draft('fee').hashed]);
    expect(await proposal('fee')).toMatchObject({ state: 'EXECUTED', executedTxHash });
    const { fees, contract, quoted, exact } = await quoteAndFees();
    expect(fees).toEqual({ swapFeeBps: 25, protocolFeeBps: 10 });
    expect(contract).toEqual({ swapFee: 25n, protocolFee: 10n });
    expect(quoted).toBe(exact);
    const { feeChanges } = await scene.api.query<{ feeChanges: { edges: { node: object }[] } }>(
      '{ feeChanges(kind: SWAP, first: 1) { edges { node { oldValue newValue txHash } } } }',
    );
    expect(feeChanges.edges[0]?.node).toEqual({ oldValue: '30', newValue: '25', txHash: executedTxHash });
  });

  it('knows what somebody executed on the timelock itself', async () => {
    const { call, description } = draft('protocol');
    const salt = toBeHex((BigInt(String(scene.governor.target)) << 96n) ^ BigInt(id(description)), 32);
    await scene.send([scene.timelock, 'executeBatch', ...call, ZeroHash, salt]);
    expect(await proposal('protocol')).toMatchObject({ state: 'EXECUTED', executedTxHash: null });
    expect((await quoteAndFees()).fees).toEqual({ swapFeeBps: 25, protocolFeeBps: 5 });
  });
});
