import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChainMessage, chainTopic } from '@abland/chain';
import { forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import type { LogStream } from '@abland/kernel';
import { createTestDatabase, ProgramProcess, type ProgramStatus, type TestDatabase } from '@abland/testing';
import { readExposition } from '@abland/testing/exposition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JsonRpcProvider } from 'ethers';
import type { ChainFollowing } from './index-alone.js';

const START_WITHIN_MS = 120_000;
/** A lease lives ten seconds. */
const TAKE_OVER_WITHIN_MS = 120_000;

/** Blocks that are there when the indexers start. */
const FLOOD = 300;

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
    const indexers: ProgramProcess[] = [];

    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'abland-indexer-takeover-'));
      database = await createTestDatabase();
      const fork = (chainId: number): Promise<ForkedChain> =>
        forkEmbeddedChain({ dataDir: join(dataDir, String(chainId)), chainId, port: 0, finalityDepth: 3 });
      [chain, other] = await Promise.all([fork(31_337), fork(31_338)]);
      opened = await open(database.url);
    }, 300_000);
    afterAll(async () => {
      for (const indexer of indexers) await indexer.end('SIGKILL');
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
        CHAIN_FINALITY_DEPTH: '3',
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

    /** The number of the last one. */
    async function mine(blocks = 1, on = chain): Promise<number> {
      const provider = new JsonRpcProvider(on.rpcUrl, on.chainId, { staticNetwork: true });
      try {
        for (let left = blocks; left > 0; left -= 1) await provider.send('evm_mine', []);
        return await provider.getBlockNumber();
      } finally {
        provider.destroy();
      }
    }
  });
}
