import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChainMessage, chainTopic } from '@abland/chain';
import { forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import type { LogStream } from '@abland/kernel';
import { acceptedBranch, acceptReorg } from '@abland/postgres';
import {
  createTestDatabase,
  ProgramProcess,
  type ProgramStatus,
  type TestDatabase,
  until,
} from '@abland/testing';
import { readExposition } from '@abland/testing/exposition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JsonRpcProvider } from 'ethers';
import pg from 'pg';
import type { ChainFollowing } from './index-alone.js';

const START_WITHIN_MS = 120_000;
/** A lease lives ten seconds. */
const TAKE_OVER_WITHIN_MS = 120_000;

/** Blocks that are there when the indexers start. */
const FLOOD = 300;
const FINALITY_DEPTH = 3;

const followingOf = (told: ProgramStatus): ChainFollowing['indexer'] =>
  (told as unknown as { readonly chains: readonly ChainFollowing[] }).chains[0]?.indexer ?? null;

export interface StreamUnderTest {
  readonly stream: LogStream;
  /** What the programs are told of it, besides their database. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** What must hold of two indexers on every log stream. */
export function describeTakeover(
  adapter: string,
  open: (databaseUrl: string) => Promise<StreamUnderTest>,
): void {
  describe(`an indexer beside another one, ${adapter}`, () => {
    let dataDir: string;
    let chain: ForkedChain;
    let other: ForkedChain;
    let database: TestDatabase;
    let opened: StreamUnderTest;
    let pool: pg.Pool;
    const indexers: ProgramProcess[] = [];

    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'abland-indexer-takeover-'));
      database = await createTestDatabase();
      pool = new pg.Pool({ connectionString: database.url, max: 1 });
      const fork = (chainId: number): Promise<ForkedChain> =>
        forkEmbeddedChain({
          dataDir: join(dataDir, String(chainId)),
          chainId,
          port: 0,
          finalityDepth: FINALITY_DEPTH,
        });
      [chain, other] = await Promise.all([fork(31_337), fork(31_338)]);
      opened = await open(database.url);
    }, 300_000);
    afterAll(async () => {
      for (const indexer of indexers) await indexer.end('SIGKILL');
      await pool.end();
      await opened.close();
      await chain.stop();
      await other.stop();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    });

    const start = async (followed = chain): Promise<ProgramProcess> => {
      const indexer = await ProgramProcess.start('indexer', {
        DATABASE_URL: database.url,
        CHAIN_RPC_URLS: followed.webSocketUrl,
        CHAIN_ID: String(followed.chainId),
        CHAIN_FINALITY_DEPTH: String(FINALITY_DEPTH),
        TOKEN_FACTORY_ADDRESS: followed.contracts.tokenFactory,
        LIQUIDITY_MANAGER_ADDRESS: followed.contracts.liquidityManager,
        ...opened.env,
      });
      indexers.push(indexer);
      return indexer;
    };

    /** Of one block after the other: each the next one of the one before. */
    async function publishedUpTo(last: number, { chainId } = chain): Promise<readonly number[]> {
      const numbers: number[] = [];
      let before: string | null = null;
      const signal = AbortSignal.timeout(START_WITHIN_MS);
      for await (const batch of opened.stream.consume(chainTopic(chainId), { signal })) {
        for (const { value } of batch) {
          const message = value as unknown as ChainMessage;
          if (message.kind !== 'block') continue;
          numbers.push(message.block.number);
          expect(message.block.parentHash).toBe(before ?? message.block.parentHash);
          before = message.block.hash;
        }
        if (numbers.includes(last)) break;
      }
      return numbers;
    }
    const publishedBy = (told: ProgramStatus): number => followingOf(told)?.published?.number ?? -1;

    /** Whichever of them publishes, once it has come so far. */
    async function leaderAt(block: number, all: readonly ProgramProcess[]): Promise<ProgramProcess> {
      for (const giveUpAt = Date.now() + START_WITHIN_MS; Date.now() < giveUpAt;) {
        for (const one of all) {
          const told = await one.status();
          if (told !== null && publishedBy(told) >= block) return one;
        }
      }
      throw new Error(`Nobody has published block ${block}`);
    }

    it('takes over from one that is killed in the middle of a flood, each block once, whatever a third does on another chain', async () => {
      await mine(FLOOD);
      const both = [await start(), await start()];
      const third = await start(other);
      const leader = await leaderAt(FLOOD / 10, both);
      await leader.end('SIGKILL');
      const [heir] = both.filter((one) => one !== leader) as [ProgramProcess];
      await mine(FLOOD / 10);
      await heir.until((told) => followingOf(told) !== null, TAKE_OVER_WITHIN_MS);
      const head = await mine(FLOOD / 10);
      await heir.until((told) => publishedBy(told) >= head, TAKE_OVER_WITHIN_MS);
      const numbers = await publishedUpTo(head);
      expect(numbers).toEqual(numbers.map((_, index) => index));

      await third.until((told) => followingOf(told)?.lagBlocks === 0, TAKE_OVER_WITHIN_MS);
      const elsewhere = await publishedUpTo(await mine(1, other), other);
      expect(elsewhere).toEqual(elsewhere.map((_, index) => index));
      const metrics = await (await fetch(`${third.url}/metrics`)).text();
      expect(readExposition(metrics)).not.toEqual([]);
      expect([await heir.end(), await third.end()]).toEqual([0, 0]);
    });

    it('follows on after one that froze, which publishes nothing more once it thaws, and stands by', async () => {
      const first = await start();
      await first.until((told) => followingOf(told)?.lagBlocks === 0, TAKE_OVER_WITHIN_MS);
      const second = await start();
      const standing = await second.until(({ status }) => status === 'ready', START_WITHIN_MS);
      expect(followingOf(standing)).toBeNull();
      first.freeze();
      const missed = await mine();
      await second.until(
        (told) => (followingOf(told)?.published?.number ?? -1) >= missed,
        TAKE_OVER_WITHIN_MS,
      );
      first.thaw();
      const head = await mine();
      await second.until((told) => (followingOf(told)?.published?.number ?? -1) >= head, TAKE_OVER_WITHIN_MS);
      await first.until((told) => followingOf(told) === null, TAKE_OVER_WITHIN_MS);
      const numbers = await publishedUpTo(head);
      expect(numbers).toEqual(numbers.map((_, index) => index));
      expect([await first.end(), await second.end()]).toEqual([0, 0]);
    });

    it('stands at a reorg that is too deep and keeps the lead there, as its heir does, who takes it by an operator’s word', async () => {
      const leader = await start();
      await leader.until((told) => followingOf(told)?.lagBlocks === 0, TAKE_OVER_WITHIN_MS);
      const kept = await ask('evm_snapshot');
      const gone = await mine(FINALITY_DEPTH + 2);
      const isFinal = (told: ProgramStatus): boolean =>
        (followingOf(told)?.finalized?.number ?? -1) >= gone - FINALITY_DEPTH;
      await leader.until(isFinal, TAKE_OVER_WITHIN_MS);
      const heir = await start();
      await heir.until(({ status }) => status === 'ready', START_WITHIN_MS);
      const newest = (await opened.stream.last(chainTopic(chain.chainId)))?.offset;
      const epoch = await epochOfLead();

      await ask('evm_revert', kept);
      const head = await mine(FINALITY_DEPTH + 3);
      const stands = (told: ProgramStatus): boolean => followingOf(told)?.failure?.code === 'REORG_TOO_DEEP';
      // Once more than what has one that fails for another reason give its lead to whoever stands by.
      await leader.until(
        (told) => stands(told) && (followingOf(told)?.failedRuns ?? 0) > 2,
        TAKE_OVER_WITHIN_MS,
      );
      expect(await epochOfLead()).toBe(epoch);
      await leader.end('SIGKILL');
      await heir.until(stands, TAKE_OVER_WITHIN_MS);
      expect((await opened.stream.last(chainTopic(chain.chainId)))?.offset).toBe(newest);

      await acceptReorg(pool, chain.chainId, randomUUID());
      await heir.until((told) => publishedBy(told) >= head, TAKE_OVER_WITHIN_MS);
      await until(async () => (await acceptedBranch(pool, chain.chainId))?.outcome?.kind === 'TAKEN');
      const { hash } = followingOf((await heir.status()) as ProgramStatus)?.published ?? {};
      expect(hash).toBe(((await ask('eth_getBlockByNumber', 'latest', false)) as { hash: string }).hash);
      expect(await heir.end()).toBe(0);
    });

    /** Higher each time that the lead goes to another. */
    async function epochOfLead(): Promise<string | undefined> {
      const text = 'SELECT epoch FROM leases.leases WHERE name = $1';
      const { rows } = await pool.query<{ epoch: string }>(text, [`indexer-${chain.chainId}`]);
      return rows[0]?.epoch;
    }

    /** The number of the last one. */
    async function mine(blocks = 1, on = chain): Promise<number> {
      return withProvider(async (provider) => {
        for (let left = blocks; left > 0; left -= 1) await provider.send('evm_mine', []);
        return provider.getBlockNumber();
      }, on);
    }

    const ask = (method: string, ...params: readonly unknown[]): Promise<unknown> =>
      withProvider((provider) => provider.send(method, [...params]) as Promise<unknown>);

    async function withProvider<Result>(
      work: (provider: JsonRpcProvider) => Promise<Result>,
      { chainId, rpcUrl } = chain,
    ): Promise<Result> {
      const provider = new JsonRpcProvider(rpcUrl, chainId, { staticNetwork: true });
      try {
        return await work(provider);
      } finally {
        provider.destroy();
      }
    }
  });
}
