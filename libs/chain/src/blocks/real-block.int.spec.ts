import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  deployAblandContracts,
  developmentAccounts,
  type EmbeddedChain,
  startEmbeddedChain,
} from '@abland/embedded/chain';
import { silentLogger } from '@abland/kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Wallet } from 'ethers';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { Reading } from '../rpc/reading.js';
import { readBlock, readReceipt } from './answers.js';
import { isHashed } from './prove-block.js';
import { receiptsRoot } from './receipts-root.js';
import { problemOfTransactions } from './transactions-root.js';

const TRANSACTIONS = 140;

describe('the blocks of a real EVM', () => {
  let dataDir: string;
  let chain: EmbeddedChain;
  let rpc: ChainRpc;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-blocks-'));
    chain = await startEmbeddedChain({
      ...{ dataDir, port: 0, finalityDepth: 5, emptyBlockEveryMs: 3_600_000 },
      deploy: deployAblandContracts,
    });
    rpc = new ChainRpc({ urls: [chain.rpcUrl], chainId: chain.chainId, logger: silentLogger });
  });
  afterAll(async () => {
    rpc.close();
    await chain.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('have the hash of their fields, and the roots of their transactions and receipts however many', async () => {
    const reading = new Reading('embedded', 'a block');
    const wallet = new Wallet(developmentAccounts()[0]?.privateKey ?? '');
    const signed = await Promise.all(
      Array.from({ length: TRANSACTIONS }, (_, nonce) =>
        wallet.signTransaction({
          ...{ to: wallet.address, nonce, chainId: chain.chainId, gasLimit: 21_000n },
          ...(nonce % 3 === 0
            ? { type: 0, gasPrice: 10n ** 10n }
            : { type: 2, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 0n }),
        }),
      ),
    );
    await rpc.batch(signed.map((raw) => ({ method: 'eth_sendRawTransaction', params: [raw] })));
    const head = Number(await rpc.request('eth_blockNumber'));
    let receiptsSeen = 0;
    let most = 0;
    for (let number = 0; number <= head; number += 1) {
      const given = await rpc.request('eth_getBlockByNumber', `0x${number.toString(16)}`, true);
      const { header, transactions } = readBlock(reading, given);
      expect(isHashed(header)).toBe(true);
      expect(problemOfTransactions(transactions, header.fields['transactionsRoot'])).toBeNull();
      const receipts = await rpc.batch(
        transactions.map(({ hash }) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
      );
      expect(receiptsRoot(receipts.map((one) => readReceipt(reading, one)))).toBe(header.receiptsRoot);
      receiptsSeen += receipts.length;
      most = Math.max(most, receipts.length);
    }
    expect(receiptsSeen).toBeGreaterThan(TRANSACTIONS);
    expect(most).toBeGreaterThan(1);
  });
});
