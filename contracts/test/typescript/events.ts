import { expect } from 'chai';
import { id, MaxUint256, ZeroAddress, type Contract, type Interface } from 'ethers';
import hre from 'hardhat';
import { recordFigures } from './support/figures.js';
import { type Folded, FoldedCheckpoint, FoldedFactory, FoldedManager } from './support/folded.js';
import { launchToken, NO_DEADLINE, openMarket, type Market, type Signer } from './support/market.js';
import { Random } from './support/random.js';

const STEPS = 400;
const LOGS = [id('one'), id('two')] as const;

type Step = () => Promise<unknown>;

/** What people, owners, guardians, signers and a hostile token do, drawn at random; most of it goes through. */
class RandomRun {
  private readonly random = new Random(18);
  private tokens: string[] = [];
  private refusing!: Contract;
  private launched: string[] = [];

  private constructor(private readonly market: Market) {}

  static async begin(): Promise<RandomRun> {
    const market = await openMarket();
    const run = new RandomRun(market);
    const third = await launchToken(market, 'Three', 'THREE');
    run.refusing = (await market.ethers.deployContract('RefusingToken', market.alice)) as unknown as Contract;
    await run.refusing.getFunction('approve').send(market.manager, MaxUint256);
    await run.refusing.getFunction('transfer').send(market.bob, 10n ** 29n);
    await (run.refusing.connect(market.bob) as Contract)
      .getFunction('approve')
      .send(market.manager, MaxUint256);
    const named = [market.tokenA, market.tokenB, third, run.refusing];
    run.tokens = await Promise.all(named.map((token) => token.getAddress()));
    await market.manager.createPool(run.refusing, market.tokenA, 10n ** 22n, 10n ** 22n, NO_DEADLINE);
    const { checkpoint, timelock, carol } = market;
    for (const logId of LOGS) await checkpoint.connect(timelock).setSigner(logId, carol);
    return run;
  }

  /** Refusals are part of it: they tell nothing and write nothing. */
  async go(): Promise<void> {
    for (let step = 0; step < STEPS; step += 1) await this.step().catch(() => undefined);
  }

  private step(): Promise<unknown> {
    const kinds = [
      ...[this.swap, this.swap, this.swap, this.add, this.add, this.remove, this.remove, this.open],
      ...[
        this.claim,
        this.claim,
        this.refuse,
        this.collect,
        this.administer,
        this.administer,
        this.pause,
        this.launch,
      ],
      ...[this.tend, this.anchor, this.anchor, this.retract, this.wait, this.own],
    ];
    return this.pick<Step>(kinds).call(this);
  }

  private readonly swap: Step = async () => {
    const [tokenIn, tokenOut] = this.twoTokens();
    const amountIn = this.random.spread(1n, 10n ** 23n);
    const who = this.person();
    if (this.chance(3n)) {
      const route = [tokenIn, tokenOut, this.pick(this.tokens)];
      return this.market.router.connect(who).swapExactInput(route, amountIn, 0n, NO_DEADLINE, []);
    }
    const manager = this.market.manager.connect(who);
    return manager.swap(await manager.poolIdOf(tokenIn, tokenOut), tokenIn, amountIn, 0n, NO_DEADLINE);
  };

  private readonly add: Step = async () => {
    const manager = this.market.manager.connect(this.person());
    const poolId = await manager.poolIdOf(...this.twoTokens());
    const desired = [this.random.spread(1n, 10n ** 24n), this.random.spread(1n, 10n ** 24n)] as const;
    return manager.addLiquidity(poolId, ...desired, 0n, 0n, NO_DEADLINE);
  };

  private readonly remove: Step = async () => {
    const who = this.person();
    const manager = this.market.manager.connect(who);
    const poolId = await manager.poolIdOf(...this.twoTokens());
    const liquidity = (await manager.liquidityOf(poolId, who)) / this.random.even(1n, 9n);
    const least = { amountAMin: 0n, amountBMin: 0n, deadline: NO_DEADLINE };
    return manager.withdraw({ poolId, liquidity, recipient: this.person(), ...least });
  };

  private readonly open: Step = async () => {
    const manager = this.market.manager.connect(this.person());
    const amounts = [this.random.spread(1n, 10n ** 25n), this.random.spread(1n, 10n ** 25n)] as const;
    return manager.createPool(...this.twoTokens(), ...amounts, NO_DEADLINE);
  };

  private readonly claim: Step = () =>
    this.market.manager.connect(this.person()).claim(this.refusing, this.person());

  private readonly refuse: Step = () =>
    this.refusing.getFunction('setRefusing').send(this.chance(3n), this.chance(6n));

  private readonly collect: Step = () => this.market.manager.collectProtocolFees(this.pick(this.tokens));

  private readonly administer: Step = () => {
    const { factory, timelock } = this.market;
    const manager = this.market.manager.connect(timelock);
    return this.pick<Step>([
      () => manager.setSwapFee(this.random.even(20n, 300n)),
      () => manager.setProtocolFee(this.random.even(0n, 20n)),
      () => manager.setFeeRecipient(this.person()),
      () => manager.setGuardian(this.chance(3n) ? ZeroAddress : this.person()),
      () => factory.connect(timelock).setCreationFee(this.random.even(0n, 3n)),
      () => factory.connect(timelock).setFeeRecipient(this.person()),
    ])();
  };

  private readonly pause: Step = async () => {
    const { manager, timelock, networkHelpers, ethers } = this.market;
    const owner = manager.connect(timelock);
    const guardian = await manager.guardian();
    const now = BigInt(await networkHelpers.time.latest());
    return this.pick<Step>([
      () => owner.pause(),
      async () => manager.connect(await ethers.getSigner(guardian)).pause(),
      () => owner.prolongPause(now + this.random.even(1n, 90n) * 86_400n),
      () => owner.unpause(),
      () => owner.unpause(),
    ])();
  };

  private readonly launch: Step = async () => {
    const who = this.person();
    const factory = this.market.factory.connect(who);
    const value = await factory.creationFee();
    const decimals = this.random.even(0n, 18n);
    const parameters = {
      name: 'New',
      symbol: 'NEW',
      totalSupply: 10n ** 27n,
      decimals,
      metadataURI: 'ipfs://x',
    };
    const other = this.pick(this.tokens);
    const token = await factory.nextTokenAddress(who, parameters, 10n ** 20n);
    await factory.createTokenWithPool(parameters, 10n ** 20n, other, 10n ** 20n, NO_DEADLINE, { value });
    this.launched.push(token);
    return factory.createToken('Alone', 'ALONE', 10n ** 20n, decimals, 'ipfs://y', { value });
  };

  private readonly tend: Step = async () => {
    const { factory, timelock } = this.market;
    const token = this.pick(this.launched);
    return this.pick<Step>([
      async () => factory.connect(this.person()).updateTokenMetadata(token, 'ipfs://z'),
      () => factory.connect(timelock).deactivateToken(token),
      () => factory.collectCreationFees(),
    ])();
  };

  private readonly anchor: Step = async () => {
    const { checkpoint, carol, deployment } = this.market;
    const logId = this.pick(LOGS);
    const head = {
      logId,
      treeSize: this.random.spread(1n, 2n ** 64n - 1n),
      rootHash: id(`${this.random.even(0n, 9n)}`),
    };
    const domain = {
      ...{ name: 'AB.LAND Checkpoint', version: '1', chainId: deployment.chainId },
      verifyingContract: deployment.checkpoint,
    };
    const types = {
      TreeHead: [
        { name: 'logId', type: 'bytes32' },
        { name: 'treeSize', type: 'uint64' },
        { name: 'rootHash', type: 'bytes32' },
      ],
    };
    const signature = await carol.signTypedData(domain, types, head);
    return checkpoint.anchor(logId, head.treeSize, head.rootHash, signature);
  };

  private readonly retract: Step = async () => {
    const { checkpoint, timelock } = this.market;
    const logId = this.pick(LOGS);
    const count = await checkpoint.treeHeadCount(logId);
    return checkpoint.connect(timelock).retract(logId, this.random.even(count > 3n ? count - 3n : 0n, count));
  };

  private readonly wait: Step = () =>
    this.market.networkHelpers.time.increase(this.random.even(1n, 20n) * 86_400n);

  /** Offered to somebody, who does not accept. */
  private readonly own: Step = () => {
    const { checkpoint, factory, manager, timelock } = this.market;
    const contract = this.pick([checkpoint, factory, manager]);
    return contract.connect(timelock).transferOwnership(this.person());
  };

  private person(): Signer {
    const { alice, bob, carol } = this.market;
    return this.pick([alice, bob, alice, bob, carol]);
  }

  private twoTokens(): [string, string] {
    const first = this.pick(this.tokens);
    return [first, this.pick(this.tokens.filter((token) => token !== first))];
  }

  private chance(oneIn: bigint): boolean {
    return this.random.even(1n, oneIn) === 1n;
  }

  private pick<Item>(from: readonly Item[]): Item {
    const item = from[Number(this.random.even(0n, BigInt(from.length - 1)))];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** Each contract beside the fold of its events. */
  contracts(): readonly (readonly [name: string, address: string, folded: Folded])[] {
    const { checkpoint, deployment, factory, manager } = this.market;
    const events = (contract: { readonly interface: Interface }) => contract.interface;
    return [
      ['manager', deployment.liquidityManager, new FoldedManager(events(manager))],
      ['factory', deployment.tokenFactory, new FoldedFactory(events(factory))],
      ['checkpoint', deployment.checkpoint, new FoldedCheckpoint(events(checkpoint))],
    ];
  }

  get provider() {
    return this.market.ethers.provider;
  }
}

/** What a run has to have come by for its comparison to be worth something. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  manager: [
    ...['Paused', 'PausedUntil', 'Unpaused', 'SwapFeeUpdated', 'ProtocolFeeUpdated', 'FeeRecipientUpdated'],
    ...['GuardianUpdated', 'PoolCreated', 'LiquidityAdded', 'LiquidityRemoved', 'Swap', 'Sync', 'PayoutKept'],
    ...['PayoutClaimed', 'ProtocolFeesCollected', 'OwnershipTransferStarted', 'OwnershipTransferred'],
  ],
  factory: [
    ...[
      'TokenCreated',
      'TokenMetadataUpdated',
      'TokenDeactivated',
      'CreationFeeUpdated',
      'FeeRecipientUpdated',
    ],
    ...['CreationFeesCollected', 'OwnershipTransferStarted', 'OwnershipTransferred'],
  ],
  checkpoint: [
    ...['SignerUpdated', 'TreeHeadAnchored', 'TreeHeadRetracted', 'OwnershipTransferStarted'],
    'OwnershipTransferred',
  ],
};

describe('events', () => {
  it('ofARandomRun_rebuildAllStorage', async function () {
    if (hre.globalOptions.coverage) return;
    const run = await RandomRun.begin();
    await run.go();
    const { provider } = run;
    const compared: string[] = [];
    for (const [name, address, folded] of run.contracts()) {
      const times = new Map<number, bigint>();
      const logs = await provider.getLogs({ address, fromBlock: 0, toBlock: 'latest' });
      for (const log of logs) {
        if (!times.has(log.blockNumber))
          times.set(log.blockNumber, BigInt((await provider.getBlock(log.blockNumber))?.timestamp ?? 0));
        folded.fold(log, times.get(log.blockNumber) ?? 0n);
      }
      expect([...folded.counts.keys()], name).to.include.members([...(TOLD[name] ?? [])]);
      const proof = (await provider.send('eth_getProof', [address, [], 'latest'])) as { storageHash: string };
      expect(folded.root(), `storage of the ${name}`).to.equal(proof.storageHash);
      compared.push(`${logs.length} events of the ${name}`);
    }
    recordFigures('events', [`fold of events against storage: ${compared.join(', ')}`]);
  });
});
