import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChainMessage, chainTopic } from '@abland/chain';
import { forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import type { LogStream } from '@abland/kernel';
import { createTestDatabase, ProgramProcess, type ProgramStatus, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JsonRpcProvider } from 'ethers';
import type { ChainFollowing } from './index-alone.js';

const START_WITHIN_MS = 120_000;
/** A lease lives ten seconds. */
const TAKE_OVER_WITHIN_MS = 120_000;

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
    let database: TestDatabase;
    let opened: StreamUnderTest;
    const indexers: ProgramProcess[] = [];

    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'abland-indexer-takeover-'));
      database = await createTestDatabase();
      chain = await forkEmbeddedChain({ dataDir, port: 0, finalityDepth: 3 });
      opened = await open(database.url);
    }, 300_000);
    afterAll(async () => {
      for (const indexer of indexers) await indexer.end('SIGKILL');
      await opened.close();
      await chain.stop();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    });

    const start = async (): Promise<ProgramProcess> => {
      const indexer = await ProgramProcess.start('indexer', {
        DATABASE_URL: database.url,
        CHAIN_RPC_URLS: chain.webSocketUrl,
        CHAIN_ID: String(chain.chainId),
        CHAIN_FINALITY_DEPTH: '3',
        TOKEN_FACTORY_ADDRESS: chain.contracts.tokenFactory,
        LIQUIDITY_MANAGER_ADDRESS: chain.contracts.liquidityManager,
        ...opened.env,
      });
      indexers.push(indexer);
      return indexer;
    };

    async function publishedUpTo(last: number): Promise<readonly number[]> {
      const numbers: number[] = [];
      const signal = AbortSignal.timeout(START_WITHIN_MS);
      for await (const batch of opened.stream.consume(chainTopic(chain.chainId), { signal })) {
        for (const { value } of batch) {
          const message = value as unknown as ChainMessage;
          if (message.kind === 'block') numbers.push(message.block.number);
        }
        if (numbers.includes(last)) break;
      }
      return numbers;
    }

    it('stands by, and follows the chain on after one that is killed, each block once', async () => {
      const first = await start();
      await first.until((told) => followingOf(told)?.lagBlocks === 0, START_WITHIN_MS);
      const second = await start();
      const standing = await second.until(({ status }) => status === 'ready', START_WITHIN_MS);
      expect(followingOf(standing)).toBeNull();

      await first.end('SIGKILL');
      const head = await mine();
      await second.until((told) => (followingOf(told)?.published?.number ?? -1) >= head, TAKE_OVER_WITHIN_MS);
      const numbers = await publishedUpTo(head);
      expect(numbers).toEqual(numbers.map((_, index) => index));
      expect(await second.end()).toBe(0);
    });

    it('follows on after one that froze, which publishes nothing more once it thaws, and stands by', async () => {
      const first = await start();
      await first.until((told) => followingOf(told)?.lagBlocks === 0, TAKE_OVER_WITHIN_MS);
      const second = await start();
      await second.until(({ status }) => status === 'ready', START_WITHIN_MS);
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

    async function mine(): Promise<number> {
      const provider = new JsonRpcProvider(chain.rpcUrl, chain.chainId, { staticNetwork: true });
      try {
        await provider.send('evm_mine', []);
        return await provider.getBlockNumber();
      } finally {
        provider.destroy();
      }
    }
  });
}
