import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsOfReport, type ServedTree, writeReport } from '@abland/audit';
import { parseVerifierKey, trustCheckpoint } from '@abland/audit-verify';
import type { EventStore, NewEvent } from '@abland/kernel';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { TREE_SIGNER } from './tree-subjects.js';

const CHAIN_ID = 7;
const POOL = `0x${'9'.repeat(64)}`;
const [MANAGER, USER, TOKEN_A, TOKEN_B] = ['c', 'a', '1', '2'].map((digit) => `0x${digit.repeat(40)}`);
/** Each swap with the reserves after it. */
const SWAPS_A_BLOCK = 250;

/** A market's facts: blocks full of swaps of one pool. */
export async function fillMarket(log: EventStore, swaps: number): Promise<void> {
  let reserve = 10n ** 24n;
  for (let number = 1; number <= swaps / SWAPS_A_BLOCK; number += 1) {
    const facts: (readonly [string, object])[] = [];
    if (number === 1) {
      for (const [type, newFee] of [
        ['SwapFeeUpdated', '30'],
        ['ProtocolFeeUpdated', '0'],
      ] as const)
        facts.push([type, { contract: MANAGER, oldFee: '0', newFee }]);
      facts.push(['PoolCreated', { contract: MANAGER, poolId: POOL, tokenA: TOKEN_A, tokenB: TOKEN_B }]);
    }
    for (let swap = 0; swap < SWAPS_A_BLOCK; swap += 1) {
      reserve += 1_000n;
      const amounts = { tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: '1000', amountOut: '996' };
      facts.push(['Swap', { contract: MANAGER, user: USER, poolId: POOL, ...amounts }]);
      facts.push([
        'Sync',
        { contract: MANAGER, poolId: POOL, reserveA: `${reserve}`, reserveB: `${reserve}` },
      ]);
    }
    await log.append(`chain-${CHAIN_ID}`, blockOf(number, facts), 'any');
  }
}

function blockOf(number: number, facts: readonly (readonly [string, object])[]): readonly NewEvent[] {
  const hash = `0x${number.toString(16).padStart(64, '0')}`;
  const place = {
    chainId: CHAIN_ID,
    blockNumber: number,
    blockHash: hash,
    blockTime: 1_700_000_000 + number,
  };
  return facts.map(([type, data], logIndex) => ({
    ...{ id: randomUUID(), type, version: 1, data: data as NewEvent['data'] },
    metadata: {
      ...{ correlationId: hash, causationId: null, actor: 'chain' },
      chain: { ...place, txHash: `0x${'7'.repeat(64)}`, logIndex, commandId: null },
    },
  }));
}

/** A market report of the whole log, which is read and proved, with a row for each swap. */
export async function reportMarket(
  log: EventStore,
  pool: pg.Pool,
  tree: ServedTree,
): Promise<{ readonly eventsPerSecond: number; readonly memoryMiBMax: number; readonly rows: number }> {
  const into = await mkdtemp(join(tmpdir(), 'abland-bench-report-'));
  const checkpoint = (await tree.head())?.checkpoint ?? '';
  const logKeys = [parseVerifierKey(TREE_SIGNER.verifierKeys.trim())];
  const head = trustCheckpoint(checkpoint, { logKeys, witnessKeys: [], witnessesMin: 0 });
  const before = process.memoryUsage.rss();
  let most = before;
  const watching = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  const begun = performance.now();
  try {
    const { manifest } = await writeReport({
      query: { kind: 'MARKET', chainId: CHAIN_ID, poolId: null, from: null, until: null },
      ...{ head, checkpoint, signer: TREE_SIGNER, into },
      ...eventsOfReport({ pool, log, head }),
    });
    const seconds = (performance.now() - begun) / 1_000;
    const rows = manifest.files.find(({ name }) => name === 'swaps.csv')?.rows ?? 0;
    return { eventsPerSecond: head.size / seconds, memoryMiBMax: (most - before) / 2 ** 20, rows };
  } finally {
    clearInterval(watching);
    await rm(into, { recursive: true, force: true });
  }
}
