import { chainStream, type AnyEvent } from '@abland/domain';
import { type DomainEvent, type EventStore, type NewEvent, retrying } from '@abland/kernel';
import { id, solidityPackedKeccak256, toBeHex, ZeroAddress, ZeroHash } from 'ethers';
import { v4 as uuidv4 } from 'uuid';
import { CONTRACTS } from './contracts.js';

export const CHAIN_ID = 31337;

export interface Transaction {
  readonly facts: readonly DomainEvent[];
  readonly txHash: string;
  readonly commandId?: string | null;
}

/** A chain that says what a test wants: facts in blocks, appended as the ingester appends them. */
export class TestChain {
  number = 0;
  /** Of its blocks before the clock. */
  aheadSeconds = 0;
  private transactions = 0;
  /** Of blocks by number: how many reorgs came before. */
  private readonly branches = new Map<number, number>();
  private reorgs = 0;

  constructor(
    private readonly store: EventStore,
    private readonly clock: () => number,
    readonly chainId = CHAIN_ID,
  ) {}

  nextTxHash(): string {
    this.transactions += 1;
    return toBeHex(BigInt(this.transactions) + (BigInt(this.chainId) << 64n), 32);
  }

  /** Mines a block with these transactions and returns its number. */
  async mine(...transactions: readonly Transaction[]): Promise<number> {
    this.number += 1;
    this.branches.set(this.number, this.reorgs);
    let logIndex = 0;
    const events = transactions.flatMap(({ facts, txHash, commandId }) =>
      facts.map((fact) => this.event(fact, txHash, logIndex++, commandId ?? null)),
    );
    const commandIds = transactions.flatMap(({ commandId }) => commandId ?? []);
    const closing = {
      type: 'BlockIngested',
      version: 1,
      data: {
        number: this.number,
        hash: this.blockHash(this.number),
        parentHash: this.number === 1 ? ZeroHash : this.blockHash(this.number - 1),
        time: this.time(),
        facts: events.length,
        commandIds,
        proof: 'RECEIPTS',
        providers: 1,
      },
    };
    await this.append([...events, this.event(closing, null, null, null)]);
    return this.number;
  }

  async finalize(number: number): Promise<void> {
    const data = { number, hash: this.blockHash(number) };
    await this.append([this.event({ type: 'BlocksFinalized', version: 1, data }, null, null, null)]);
  }

  /** The newest so many blocks are no longer of the chain. */
  async revert(depth: number): Promise<void> {
    const toNumber = this.number;
    const hashes = Array.from({ length: depth }, (_, index) => this.blockHash(toNumber - index));
    this.number -= depth;
    this.reorgs += 1;
    const ancestor = { number: this.number, hash: this.blockHash(this.number) };
    const data = { fromNumber: this.number + 1, toNumber, hashes, ancestor };
    await this.append([this.event({ type: 'BlocksReverted', version: 1, data }, null, null, null)]);
  }

  /** An operator decides of a log that was parked; one that is read anew tells facts. */
  async resolveParked(resolution: 'RETRIED' | 'SKIPPED', facts: readonly DomainEvent[]): Promise<void> {
    const data = { eventId: uuidv4(), resolution, operationId: uuidv4() };
    const resolved = { type: 'ParkedLogResolved', version: 1, data };
    const told = facts.map((fact, index) => this.event(fact, this.nextTxHash(), 1_000 + index, null));
    await this.append([...told, this.event(resolved, null, null, null)]);
  }

  blockHash(number: number): string {
    const branch = this.branches.get(number) ?? 0;
    return toBeHex(BigInt(number) + (BigInt(this.chainId) << 128n) + (BigInt(branch) << 192n), 32);
  }

  private time(): number {
    return Math.floor(this.clock() / 1000) + this.aheadSeconds;
  }

  /** Again, as the ingester does, where a busy machine lets a connection wait. */
  private async append(events: readonly NewEvent[]): Promise<void> {
    const append = () => this.store.append(chainStream(this.chainId), events, 'any');
    await retrying(append, { totalMsMax: 120_000 });
  }

  private event(
    fact: DomainEvent,
    txHash: string | null,
    logIndex: number | null,
    commandId: string | null,
  ): NewEvent {
    return {
      id: uuidv4(),
      type: fact.type,
      version: fact.version,
      data: fact.data,
      metadata: {
        correlationId: this.blockHash(this.number),
        causationId: null,
        actor: 'chain',
        chain: {
          chainId: this.chainId,
          blockNumber: this.number,
          blockHash: this.blockHash(this.number),
          blockTime: this.time(),
          txHash,
          logIndex,
          commandId,
        },
      },
    };
  }
}

const { tokenFactory, liquidityManager, governance } = CONTRACTS;

type FactData<Type extends AnyEvent['type']> = Omit<
  Extract<AnyEvent, { type: Type }>['data'],
  'log' | 'contract'
>;

function fact<Type extends AnyEvent['type']>(
  contract: string,
  type: Type,
  data: FactData<Type>,
): DomainEvent {
  return { type, version: 1, data: { contract, ...data } } as unknown as DomainEvent;
}

/** What the constructors of the contracts say. */
export const deploymentFacts = (): DomainEvent[] => [
  creationFeeFact('0', '1000'),
  fact(liquidityManager, 'SwapFeeUpdated', { oldFee: '0', newFee: '30' }),
  fact(liquidityManager, 'ProtocolFeeUpdated', { oldFee: '0', newFee: '10' }),
];

export interface TestToken {
  readonly address: string;
  readonly creator: string;
  readonly name: string;
  readonly symbol: string;
  readonly totalSupply: bigint;
}

export const tokenFacts = ({ address, creator, name, symbol, totalSupply }: TestToken): DomainEvent[] => [
  transferFact(address, ZeroAddress, creator, totalSupply),
  fact(tokenFactory, 'TokenCreated', {
    tokenAddress: address,
    creator,
    name,
    symbol,
    totalSupply: `${totalSupply}`,
  }),
  fact(tokenFactory, 'TokenMetadataUpdated', {
    tokenAddress: address,
    decimals: 18,
    metadataURI: 'ipfs://test',
  }),
];

export const transferFact = (token: string, from: string, to: string, amount: bigint): DomainEvent =>
  fact(token, 'Transfer', { from, to, amount: `${amount}` });

export const approvalFact = (token: string, owner: string, amount: bigint): DomainEvent =>
  fact(token, 'Approval', { owner, spender: liquidityManager, amount: `${amount}` });

export const deactivationFact = (tokenAddress: string): DomainEvent =>
  fact(tokenFactory, 'TokenDeactivated', { tokenAddress });

export interface TestPool {
  readonly tokenA: string;
  readonly tokenB: string;
  readonly amountA: bigint;
  readonly amountB: bigint;
  readonly liquidity: bigint;
  readonly user: string;
  readonly manager: string;
}

export const testPoolId = (tokenA: string, tokenB: string): string =>
  solidityPackedKeccak256(['address', 'address'], [tokenA, tokenB]);

export function poolFacts(pool: TestPool): DomainEvent[] {
  const { tokenA, tokenB, user, manager } = pool;
  const poolId = testPoolId(tokenA, tokenB);
  const amountA = `${pool.amountA}`;
  const amountB = `${pool.amountB}`;
  return [
    fact(liquidityManager, 'PoolCreated', { poolId, tokenA, tokenB }),
    transferFact(tokenA, user, manager, pool.amountA),
    transferFact(tokenB, user, manager, pool.amountB),
    fact(liquidityManager, 'LiquidityAdded', {
      user: ZeroAddress,
      poolId,
      amountA: '0',
      amountB: '0',
      liquidity: '1000',
    }),
    fact(liquidityManager, 'LiquidityAdded', {
      user,
      poolId,
      amountA,
      amountB,
      liquidity: `${pool.liquidity}`,
    }),
    fact(liquidityManager, 'Sync', { poolId, reserveA: amountA, reserveB: amountB }),
  ];
}

export interface TestSwap {
  readonly poolId: string;
  readonly user: string;
  readonly manager: string;
  readonly tokenIn: string;
  readonly tokenOut: string;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  readonly reserveA: bigint;
  readonly reserveB: bigint;
}

export function swapFacts(swap: TestSwap): DomainEvent[] {
  const { poolId, user, tokenIn, tokenOut, manager } = swap;
  const amountIn = `${swap.amountIn}`;
  const amountOut = `${swap.amountOut}`;
  return [
    transferFact(tokenIn, user, manager, swap.amountIn),
    transferFact(tokenOut, manager, user, swap.amountOut),
    fact(liquidityManager, 'Swap', { user, poolId, tokenIn, tokenOut, amountIn, amountOut }),
    fact(liquidityManager, 'Sync', { poolId, reserveA: `${swap.reserveA}`, reserveB: `${swap.reserveB}` }),
  ];
}

/** What the constructors of the votes token, the timelock and the Governor say: 4 percent of 1,000,000 are a quorum. */
export const governanceFacts = (): DomainEvent[] => [
  fact(governance.token, 'GovernanceTokenMinted', { to: ZeroAddress, amount: '1000000' }),
  fact(governance.timelock, 'TimelockDelayChanged', { oldValue: '0', newValue: '60' }),
  fact(governance.governor, 'VotingDelaySet', { clock: 'BLOCKS', oldValue: '0', newValue: '1' }),
  fact(governance.governor, 'VotingPeriodSet', { clock: 'BLOCKS', oldValue: '0', newValue: '3' }),
  fact(governance.governor, 'ProposalThresholdSet', { oldValue: '0', newValue: '1000' }),
  fact(governance.governor, 'QuorumNumeratorUpdated', { oldValue: '0', newValue: '4' }),
];

export interface TestProposal {
  readonly id: string;
  readonly proposer: string;
  readonly target: string;
  readonly calldata: string;
  readonly description: string;
  readonly voteStart: number;
}

export const proposalFact = (proposal: TestProposal): DomainEvent =>
  fact(governance.governor, 'ProposalCreated', {
    proposalId: proposal.id,
    proposer: proposal.proposer,
    clock: 'BLOCKS',
    targets: [proposal.target],
    values: ['0'],
    signatures: [''],
    calldatas: [proposal.calldata],
    voteStart: proposal.voteStart,
    voteEnd: proposal.voteStart + 3,
    description: proposal.description,
    descriptionHash: id(proposal.description),
    operationId: toBeHex(BigInt(proposal.id), 32),
  });

export const voteFact = (
  proposalId: string,
  voter: string,
  support: 'FOR' | 'AGAINST' | 'ABSTAIN',
  weight: bigint,
): DomainEvent =>
  fact(governance.governor, 'VoteCast', {
    proposalId,
    voter,
    support,
    weight: `${weight}`,
    reason: 'because',
    params: '0x',
  });

export const queuedFact = (proposalId: string, eta: number): DomainEvent =>
  fact(governance.governor, 'ProposalQueued', { proposalId, eta });

export const creationFeeFact = (oldFee: string, newFee: string): DomainEvent =>
  fact(tokenFactory, 'CreationFeeUpdated', { oldFee, newFee });

export const swapFeeFact = (oldFee: bigint, newFee: bigint): DomainEvent =>
  fact(liquidityManager, 'SwapFeeUpdated', { oldFee: `${oldFee}`, newFee: `${newFee}` });

/** The contract that holds all pools is paused, or goes on. */
export const pauseFact = (type: 'Paused' | 'Unpaused', account: string): DomainEvent =>
  fact(liquidityManager, type, { account });

/** When its pause ends by itself. @param until seconds since the epoch */
export const pausedUntilFact = (until: number): DomainEvent =>
  fact(liquidityManager, 'PausedUntil', { until });

export const delegationFacts = (delegator: string, delegate: string, votes: bigint): DomainEvent[] => [
  fact(governance.token, 'VotesDelegated', { delegator, fromDelegate: ZeroAddress, toDelegate: delegate }),
  fact(governance.token, 'DelegateVotesChanged', { delegate, oldVotes: '0', newVotes: `${votes}` }),
];
