import { RpcUnavailableError } from '@abland/chain';
import { describe, expect, it } from '@jest/globals';
import { AbstractProvider, makeError, Network, type PerformActionRequest, Transaction } from 'ethers';
import type { ApiClient } from './api-client.js';
import { openWallet } from './wallet-session.js';

const poor = { getBalance: () => Promise.resolve(0n) } as unknown as AbstractProvider;

const ZERO_HASH = `0x${'0'.repeat(64)}`;
const GENESIS = {
  ...{
    hash: `0x${'1'.repeat(64)}`,
    parentHash: ZERO_HASH,
    number: 0,
    timestamp: 1,
    nonce: '0x0000000000000000',
    difficulty: 0,
  },
  ...{ gasLimit: 30_000_000, gasUsed: 0, miner: `0x${'0'.repeat(40)}`, extraData: '0x', transactions: [] },
};

/** A node of a chain that takes every transaction, and makes no block. */
class StandingChain extends AbstractProvider {
  constructor(private readonly held: bigint) {
    super(1, { cacheTimeout: -1 });
  }

  override _detectNetwork(): Promise<Network> {
    return Promise.resolve(Network.from(1));
  }

  override _perform<Result>(request: PerformActionRequest): Promise<Result> {
    return Promise.resolve(this.answer(request) as Result);
  }

  protected answer(request: PerformActionRequest): unknown {
    if (request.method === 'chainId') return 1;
    if (request.method === 'getBalance') return this.held;
    if (request.method === 'estimateGas') return 21_000n;
    if (request.method === 'broadcastTransaction') return Transaction.from(request.signedTransaction).hash;
    if (request.method === 'getBlock') return GENESIS;
    return request.method === 'getTransactionReceipt' || request.method === 'getTransaction' ? null : 0;
  }
}

/** One that takes each nonce of an account once. */
class StrictChain extends StandingChain {
  readonly taken: Transaction[] = [];

  protected override answer(request: PerformActionRequest): unknown {
    if (request.method === 'getTransactionCount') return this.sentBy(request.address).length;
    if (request.method === 'broadcastTransaction') this.take(Transaction.from(request.signedTransaction));
    return super.answer(request);
  }

  private sentBy(address: string): readonly Transaction[] {
    return this.taken.filter(({ from }) => from?.toLowerCase() === address.toLowerCase());
  }

  private take(transaction: Transaction): void {
    if (transaction.nonce !== this.sentBy(transaction.from ?? '').length)
      throw makeError('nonce has already been used', 'NONCE_EXPIRED', { transaction });
    this.taken.push(transaction);
  }
}

/** One that is gone after so many looks at a transaction. */
class DyingChain extends StandingChain {
  private looks = 3;

  protected override answer(request: PerformActionRequest): unknown {
    if (request.method === 'getTransactionReceipt' && (this.looks -= 1) < 0)
      throw new RpcUnavailableError("the chain's node does not answer");
    return super.answer(request);
  }
}

/** One that takes what it is sent, and is gone before it says so, until it is asked again. */
class ForgetfulChain extends StrictChain {
  protected override answer(request: PerformActionRequest): unknown {
    const answer = super.answer(request);
    if (request.method === 'broadcastTransaction' || request.method === 'getTransaction')
      throw new RpcUnavailableError("the chain's node does not answer");
    return answer;
  }
}

const KEY = `0x${'1'.repeat(64)}`;
const signingIn = {
  ...{ url: '', authorize: () => undefined },
  query: (): Promise<unknown> =>
    Promise.resolve({ requestSignIn: { message: 'in' }, signIn: { token: 'one' } }),
} as ApiClient;

const call = { to: `0x${'1'.repeat(40)}`, data: '0x', value: '0' };

describe('the wallet of the demo', () => {
  it('takes the next nonce where another program with its account came first', async () => {
    const provider = new StrictChain(10n ** 18n);
    try {
      const sessions = await Promise.all(
        Array.from({ length: 4 }, () => openWallet('run', provider, signingIn)),
      );
      const value = (index: number): string => String(index + 1);
      const hashes = await Promise.all(
        sessions.map(({ send }, index) => send({ ...call, value: value(index) }, 'sent')),
      );
      expect(new Set(hashes)).toEqual(new Set(provider.taken.map(({ hash }) => hash)));
      expect(provider.taken.map(({ nonce }) => nonce)).toEqual([0, 1, 2, 3]);
    } finally {
      provider.destroy();
    }
  }, 120_000);

  it('sends nothing twice where it does not hear whether it was sent', async () => {
    const provider = new ForgetfulChain(10n ** 18n);
    try {
      const { send } = await openWallet('run', provider, signingIn);
      await expect(send(call)).rejects.toMatchObject({ code: 'CHAIN_RPC_UNAVAILABLE' });
      expect(provider.taken).toHaveLength(1);
    } finally {
      provider.destroy();
    }
  }, 120_000);

  it('says that the chain does not answer any more, while it waits for a block too', async () => {
    const provider = new DyingChain(10n ** 18n);
    try {
      const { send } = await openWallet('run', provider, signingIn);
      await expect(send(call)).rejects.toMatchObject({ code: 'CHAIN_RPC_UNAVAILABLE' });
    } finally {
      provider.destroy();
    }
  }, 120_000);

  it.each([null, KEY])('says what is needed where nobody can pay for it (%s)', async (key) => {
    const opening = openWallet('run', poor, {} as ApiClient, { fundingKey: key });
    await expect(opening).rejects.toMatchObject({
      code: 'DEMO_UNFUNDED',
      message: expect.stringMatching(/^0x[0-9a-fA-F]{40} has 0\.0 coins.*set DEMO_FUNDING_KEY/),
    });
    await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining(KEY) });
  });

  it('says which of its transactions the chain has not mined, rather than to wait without an end', async () => {
    const provider = new StandingChain(10n ** 18n);
    try {
      const { send } = await openWallet('run', provider, signingIn, { minedWithinMs: 100 });
      const hash = await send(call, 'sent');
      expect(hash).toMatch(/^0x[0-9a-f]{64}$/);
      await expect(send(call)).rejects.toMatchObject({
        ...{ code: 'COMMAND_LATE', failureClass: 'LATER' },
        message: expect.stringMatching(/^The chain did not mine 0x[0-9a-f]{64} within 0\.1 s$/),
      });
    } finally {
      provider.destroy();
    }
  }, 120_000);
});
