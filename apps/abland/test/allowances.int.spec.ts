import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startIngester } from '@abland/chain';
import { readArtifact } from '@abland/contracts';
import { UINT256_MAX } from '@abland/domain';
import { developmentAccounts, type ForkedChain, forkEmbeddedChain } from '@abland/embedded/chain';
import { MemoryEventStore } from '@abland/event-store';
import { startIndexer } from '@abland/indexer';
import { type Running, silentLogger as logger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import {
  allowanceOf,
  chainHead,
  createReadModel,
  migrateProjections,
  parkedEvents,
  type ReadModel,
  startProjections,
} from '@abland/projections';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { SeededRandom } from '@abland/testing/seeded-random';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BaseContract, Contract, JsonRpcProvider, Signature, Wallet } from 'ethers';
import pg from 'pg';

const CHAIN_ID = 31337;
const FINALITY_DEPTH = 5;
const FAR_FUTURE = 4_000_000_000n;
const UNIT = 10n ** 18n;
const SEEDS = [1, 2, 3];
const DEEDS_A_SEED = 50;

/** A wallet whose transactions are mined one by one, whatever comes of them. */
class Person {
  private nonce: number | null = null;
  constructor(readonly wallet: Wallet) {}

  get address(): string {
    return this.wallet.address;
  }

  async call(contract: BaseContract, method: string, ...args: unknown[]): Promise<boolean> {
    const fn = (contract.connect(this.wallet) as Contract).getFunction(method);
    this.nonce ??= (await this.wallet.provider?.getTransactionCount(this.address)) ?? 0;
    const sent = await fn.send(...args, { nonce: this.nonce, gasLimit: 6_000_000n });
    this.nonce += 1;
    const receipt = await this.wallet.provider?.getTransactionReceipt(sent.hash);
    if (!receipt) throw new Error('A transaction was not mined at once');
    return receipt.status === 1;
  }
}

describe('allowances of the liquidity manager, beside the chain’s own word', () => {
  let dataDir: string;
  let chain: ForkedChain;
  let provider: JsonRpcProvider;
  let database: TestDatabase;
  let pool: pg.Pool;
  let db: ReadModel;
  let people: readonly [Person, Person];
  let manager: Contract;
  let router: Contract;
  let tokens: readonly Contract[];
  const running: Running[] = [];

  const at = (name: Parameters<typeof readArtifact>[0], address: string): Contract =>
    new Contract(address, readArtifact(name).abi, provider);
  const addressOf = (contract: Contract | undefined): string => contract?.target as string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-allowances-'));
    chain = await forkEmbeddedChain({
      ...{ dataDir, port: 0, finalityDepth: FINALITY_DEPTH },
      emptyBlockEveryMs: 3_600_000,
    });
    provider = new JsonRpcProvider(chain.rpcUrl, CHAIN_ID, { staticNetwork: true, cacheTimeout: -1 });
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 5 });
    pool.on('error', () => undefined);
    await migrateProjections(pool);
    db = createReadModel(pool);
    await follow();
    const person = (index: number) =>
      new Person(new Wallet(developmentAccounts()[index]?.privateKey ?? '', provider));
    people = [person(1), person(2)];
    manager = at('ABLiquidityManager', chain.contracts.liquidityManager);
    router = at('ABRouter', chain.contracts.router);
    tokens = await openMarket();
  });
  afterAll(async () => {
    for (const one of running.reverse()) await one.stop();
    provider.destroy();
    await pool.end();
    await database.drop();
    await chain.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** From the chain to the read models, as the programs do it. */
  async function follow(): Promise<void> {
    const { governance: governor, timelock, governanceToken: token } = chain.contracts;
    const contracts = {
      ...chain.contracts,
      governance: { governor, timelock, token, clock: chain.governanceClock },
    };
    const [eventStore, logStream] = [new MemoryEventStore(), new MemoryLogStream()];
    const source = { rpcUrls: [chain.rpcUrl], chainId: CHAIN_ID, startBlock: 0 };
    running.push(
      startIndexer({
        epoch: 1n,
        chain: { ...source, finalityDepth: FINALITY_DEPTH, contracts },
        ...{ logger, logStream, pollIntervalMs: 20 },
      }),
      startIngester({ chainId: CHAIN_ID, contracts, startBlock: 0, eventStore, logger, logStream }),
      startProjections({ store: eventStore, pool, logger, clock: Date.now }),
    );
  }

  /** Three tokens, the last one made together with its first pool, and pools of the first with the second, of both with the third. */
  async function openMarket(): Promise<readonly Contract[]> {
    const factory = at('ABTokenFactory', chain.contracts.tokenFactory);
    const [ada, bob] = people;
    const parameters = (symbol: string) => [`Token ${symbol}`, symbol, 10n ** 6n * UNIT, 18, ''];
    for (const symbol of ['AAA', 'BBB']) {
      expect(await ada.call(factory, 'createToken', ...parameters(symbol))).toBe(true);
    }
    const tokenAt = async (index: number): Promise<Contract> => {
      const [address] = await factory.getFunction('tokensOf').staticCall(ada.address, index, 1);
      return at('ABToken', address);
    };
    const [a, b] = [await tokenAt(0), await tokenAt(1)];
    const some = 1_000n * UNIT;
    for (const token of [a, b]) {
      expect(await ada.call(token, 'approve', manager.target, 10n * some)).toBe(true);
      expect(await ada.call(token, 'transfer', bob.address, 200_000n * UNIT)).toBe(true);
    }
    const pair = [a.target, b.target, some, some, FAR_FUTURE];
    expect(await ada.call(manager, 'createPool', ...pair)).toBe(true);
    const withPool = [parameters('CCC'), some, b.target, some, FAR_FUTURE];
    expect(await ada.call(factory, 'createTokenWithPool', ...withPool)).toBe(true);
    const c = await tokenAt(2);
    expect(await ada.call(c, 'transfer', bob.address, 200_000n * UNIT)).toBe(true);
    return [a, b, c];
  }

  /** Every allowance as the read models have it, at the block that the chain is at, and as the contracts say it. */
  async function compare(): Promise<void> {
    const head = await provider.getBlockNumber();
    await eventually(async () => expect((await chainHead(db, CHAIN_ID)).number).toBe(head));
    const spender = addressOf(manager);
    // The projections are not at one event all of them: the last to come is waited for.
    await eventually(async () => {
      const [said, kept] = [new Map<string, bigint>(), new Map<string, bigint | null>()];
      for (const token of tokens) {
        for (const { address: owner } of people) {
          const key = `${addressOf(token)} of ${owner}`;
          said.set(key, await token.getFunction('allowance').staticCall(owner, spender));
          const of = { chainId: CHAIN_ID, token: addressOf(token), owner, spender };
          kept.set(key, await allowanceOf(db, of));
        }
      }
      expect(kept).toEqual(said);
    });
  }

  async function permit(random: SeededRandom, owner: Person, token: Contract): Promise<boolean> {
    const [, name, version] = await token.getFunction('eip712Domain').staticCall();
    const nonce = await token.getFunction('nonces').staticCall(owner.address);
    const value = random.amount(500n * UNIT);
    const signature = await owner.wallet.signTypedData(
      { name, version, chainId: CHAIN_ID, verifyingContract: addressOf(token) },
      {
        Permit: [
          { name: 'owner', type: 'address' },
          { name: 'spender', type: 'address' },
          { name: 'value', type: 'uint256' },
          { name: 'nonce', type: 'uint256' },
          { name: 'deadline', type: 'uint256' },
        ],
      },
      { owner: owner.address, spender: manager.target, value, nonce, deadline: FAR_FUTURE },
    );
    const { v, r, s } = Signature.from(signature);
    const args = [owner.address, manager.target, value, FAR_FUTURE, v, r, s];
    return random.pick(people).call(token, 'permit', ...args);
  }

  /** One transaction of somebody, which the contracts may refuse; its name with what came of it. */
  async function deed(random: SeededRandom): Promise<string> {
    const who = random.pick(people);
    const other = who === people[0] ? people[1] : people[0];
    const token = random.pick(tokens);
    const [tokenA, tokenB, tokenC] = tokens as readonly [Contract, Contract, Contract];
    const amount = random.amount(50n * UNIT);
    const [x, y] = random.pick([
      [tokenA, tokenB],
      [tokenB, tokenA],
      [tokenB, tokenC],
      [tokenC, tokenB],
    ] as const);
    const poolId = await manager.getFunction('poolIdOf').staticCall(x.target, y.target);
    const route = random.chance(0.5) ? [tokenA, tokenB, tokenC] : [tokenC, tokenB, tokenA];
    const path = route.map(({ target }) => target);
    const deeds = {
      approve: () => who.call(token, 'approve', manager.target, random.amount(100n * UNIT)),
      approveAll: () => who.call(token, 'approve', manager.target, UINT256_MAX),
      approveNothing: () => who.call(token, 'approve', manager.target, 0),
      approveSomebody: () => who.call(token, 'approve', other.address, random.amount(100n * UNIT)),
      permit: () => permit(random, who, token),
      swap: () => who.call(manager, 'swap', poolId, x.target, amount, 0, FAR_FUTURE),
      swapRoute: async () => {
        const amounts = await router.getFunction('quoteExactInput').staticCall(path, amount);
        return who.call(manager, 'swapRoute', path, [...amounts], FAR_FUTURE);
      },
      addLiquidity: () => who.call(manager, 'addLiquidity', poolId, amount, amount, 0, 0, FAR_FUTURE),
      removeLiquidity: async () => {
        const held = await manager.getFunction('liquidityOf').staticCall(poolId, who.address);
        return who.call(manager, 'removeLiquidity', poolId, held / 3n, 0, 0, FAR_FUTURE);
      },
      sendToManager: () => who.call(token, 'transfer', manager.target, random.amount(UNIT)),
      sendToManagerForAnother: () =>
        who.call(token, 'transferFrom', other.address, manager.target, random.amount(UNIT)),
    };
    const name = random.pick(Object.keys(deeds) as (keyof typeof deeds)[]);
    return `${name} ${(await deeds[name]()) ? 'done' : 'refused'}`;
  }

  it('are known from the constructor of a token on, and less by what its first pool took', async () => {
    await compare();
  });

  it.each(SEEDS)('are the same after whatever people do with tokens and pools (seed %i)', async (seed) => {
    const random = new SeededRandom(seed);
    const done = new Set<string>();
    for (let index = 1; index <= DEEDS_A_SEED; index += 1) {
      done.add(await deed(random));
      if (index % 10 === 0) await compare();
    }
    for (const name of ['swap', 'approve', 'addLiquidity']) expect(done).toContain(`${name} done`);
    expect(await parkedEvents(pool)).toEqual([]);
  });
});
