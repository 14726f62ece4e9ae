import { describe, expect, it } from '@jest/globals';
import { makeError } from 'ethers';
import { broadcast } from './broadcast.js';
import type { SendingProvider } from './sending-provider.js';

const TRANSACTION = {
  chainId: 31337,
  relayer: '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
  nonce: 3,
  commandId: '6f9619ff-8b86-5011-b42d-00c04fc964ff',
  txHash: `0x${'ab'.repeat(32)}`,
  rawTransaction: '0x02',
  replaces: null,
};
const STANDING = { transaction: TRANSACTION, replaced: [] };

interface Node {
  readonly refusal?: Error;
  /** Whether it has the transaction, in a block or waiting. */
  readonly knows?: boolean | string;
  /** What it has, and not in a block. */
  readonly waits?: string;
  readonly unreachable?: boolean;
}

/** A node's answers, as ethers gives them. */
function node({ refusal, knows = false, waits, unreachable = false }: Node): SendingProvider {
  const lookUp = (hash: string): Promise<boolean> =>
    unreachable
      ? Promise.reject(new Error('connect ECONNREFUSED'))
      : Promise.resolve(knows === true || knows === hash);
  const sent = refusal === undefined ? Promise.resolve({}) : Promise.reject(refusal);
  return {
    broadcastTransaction: () => sent,
    isKnown: (hash: string) => (hash === waits ? Promise.resolve(true) : lookUp(hash)),
    isMined: lookUp,
  } as unknown as SendingProvider;
}

const refused = (message: string): Error =>
  Object.assign(new Error('could not coalesce'), { error: { message } });
const nonceTooLow = makeError('nonce has already been used', 'NONCE_EXPIRED', {
  transaction: {} as never,
});

describe('broadcasting a recorded transaction', () => {
  it('is done where the node takes it', async () => {
    await expect(broadcast(node({}), STANDING)).resolves.toBeUndefined();
  });

  it.each(['already known', 'Known transaction: 0xab', 'AlreadyKnown', 'transaction already imported'])(
    'is done where the node says "%s"',
    async (message) => {
      await expect(broadcast(node({ refusal: refused(message) }), STANDING)).resolves.toBeUndefined();
    },
  );

  it('is done where its nonce is used by itself', async () => {
    await expect(broadcast(node({ refusal: nonceTooLow, knows: true }), STANDING)).resolves.toBeUndefined();
  });

  it('is done where its nonce is used by one that it replaces', async () => {
    const replaced = `0x${'cd'.repeat(32)}`;
    const used = node({ refusal: nonceTooLow, knows: replaced });
    await expect(broadcast(used, { ...STANDING, replaced: [replaced] })).resolves.toBeUndefined();
    await expect(broadcast(used, STANDING)).rejects.toMatchObject({ code: 'RELAYER_TRANSACTION_REPLACED' });
  });

  it('fails for good where its nonce is used by another', async () => {
    await expect(broadcast(node({ refusal: nonceTooLow }), STANDING)).rejects.toMatchObject({
      code: 'RELAYER_TRANSACTION_REPLACED',
      failureClass: 'WRONG',
    });
  });

  it('is to be tried again where the node refuses it for now', async () => {
    const refusal = refused('txpool is full');
    await expect(broadcast(node({ refusal }), STANDING)).rejects.toMatchObject({
      code: 'CHAIN_UNAVAILABLE',
      failureClass: 'LATER',
      message: expect.stringContaining('is full'),
    });
  });

  it.each([
    refused('transaction underpriced: gas tip cap 1, minimum needed 30'),
    refused('max fee per gas less than block base fee: maxFeePerGas: 1, baseFee: 2'),
    refused('FeeTooLow, MaxFeePerGas too low'),
    refused('Transaction maxFeePerGas (1) is too low for the next block, which has a baseFeePerGas of 2'),
    makeError('replacement fee too low', 'REPLACEMENT_UNDERPRICED', { transaction: {} as never }),
  ])('asks for a dearer one where the node refuses it for its fees (%#)', async (refusal) => {
    const waits = `0x${'cd'.repeat(32)}`;
    await expect(
      broadcast(node({ refusal, waits }), { ...STANDING, replaced: [waits] }),
    ).rejects.toMatchObject({ code: 'RELAYER_UNDERPRICED', failureClass: 'LATER' });
  });

  it('fails for good where its nonce is used by another, however the node words it', async () => {
    for (const said of [
      'OldNonce, Current nonce: 4, nonce of rejected tx: 3',
      'Transaction nonce is too low',
    ]) {
      await expect(broadcast(node({ refusal: refused(said) }), STANDING)).rejects.toMatchObject({
        code: 'RELAYER_TRANSACTION_REPLACED',
      });
    }
  });

  it('is to be tried again where nobody can say whether it was taken', async () => {
    const lost = node({ refusal: new Error('socket hang up'), unreachable: true });
    await expect(broadcast(lost, STANDING)).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
  });
});
