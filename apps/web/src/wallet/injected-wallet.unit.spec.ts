import { describe, expect, it } from '@jest/globals';
import { announcedOf, injectedWallet, type Provider } from './injected-wallet.js';

const FROM = '0x0000000000000000000000000000000000000001';
const TRANSACTION = { chainId: 31_337, to: FROM, data: '0xabcd', value: '255' };
const info = { uuid: 'one', name: 'A wallet', rdns: 'example.wallet', icon: 'data:image/svg+xml,x' };

/** A wallet that answers each method so, and what it was asked. */
const answering = (answers: Readonly<Record<string, unknown>>) => {
  const asked: { method: string; params?: readonly unknown[] }[] = [];
  const provider: Provider = {
    request(call) {
      asked.push(call);
      const told = answers[call.method];
      const answer = typeof told === 'function' ? (told as () => unknown)() : told;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  return { asked, wallet: injectedWallet({ info, provider }) };
};

describe('a wallet of the browser', () => {
  it.each([
    null,
    'text',
    {},
    { info },
    { info, provider: {} },
    { info: { ...info, uuid: 1 }, provider: { request: () => undefined } },
  ])('is none where it announces %j', (detail) => {
    expect(announcedOf(detail)).toBeNull();
  });

  it('is known again by its name of domains, and has no picture from elsewhere', () => {
    const provider = { request: () => Promise.resolve(null) };
    const elsewhere = announcedOf({ info: { ...info, icon: 'https://example.org/x.png' }, provider });
    expect(elsewhere).not.toBeNull();
    if (elsewhere === null) return;
    expect(injectedWallet(elsewhere)).toMatchObject({ id: 'example.wallet', icon: null });
    expect(announcedOf({ info: { uuid: 'one', name: 'x'.repeat(1000) }, provider })?.info).toEqual({
      ...{ uuid: 'one', rdns: 'one', icon: '', name: 'x'.repeat(60) },
    });
  });

  it('sends on the chain that is asked for, and switches to it before', async () => {
    const chain = { id: '0x1' };
    const { asked, wallet } = answering({
      eth_chainId: () => chain.id,
      wallet_switchEthereumChain: () => void (chain.id = '0x7A69'),
      eth_sendTransaction: '0xaa',
    });
    await expect(wallet.send(TRANSACTION, FROM)).resolves.toBe('0xaa');
    expect(asked.map(({ method }) => method)).toEqual([
      ...['eth_chainId', 'wallet_switchEthereumChain', 'eth_chainId', 'eth_sendTransaction'],
    ]);
    expect(asked[3]?.params).toEqual([
      { from: FROM, to: FROM, data: '0xabcd', value: '0xff', chainId: '0x7a69' },
    ]);
    chain.id = '0x1';
    await wallet.onChain(31_337);
    expect(chain.id).toBe('0x7A69');
  });

  it('sends nothing where it does not go to that chain', async () => {
    const unknown = Object.assign(new Error('Unrecognized chain'), { code: 4902 });
    const { asked, wallet } = answering({ eth_chainId: '0x1', wallet_switchEthereumChain: unknown });
    await expect(wallet.send(TRANSACTION, FROM)).rejects.toThrow('add it there first');
    expect(asked.map(({ method }) => method)).not.toContain('eth_sendTransaction');
    const stays = answering({ eth_chainId: '0x1', wallet_switchEthereumChain: null });
    await expect(stays.wallet.send(TRANSACTION, FROM)).rejects.toThrow('is not on chain 31337');
  });

  it.each([null, 7, '', 'no hex', {}])(
    'is not believed where it answers %j for a signature',
    async (answer) => {
      const { wallet } = answering({ personal_sign: answer });
      await expect(wallet.sign('text', FROM)).rejects.toThrow('neither a signature nor a hash');
    },
  );

  it('is told the types of a domain that it is to sign for', async () => {
    const { asked, wallet } = answering({ eth_signTypedData_v4: '0xbb' });
    const domain = { name: 'Forwarder', chainId: 1, verifyingContract: FROM };
    await wallet.signTyped({ domain, types: { A: [] }, primaryType: 'A', message: {} }, FROM);
    const told = JSON.parse(String(asked[0]?.params?.[1])) as { types: Record<string, { name: string }[]> };
    expect(told.types['EIP712Domain']?.map(({ name }) => name)).toEqual([
      ...['name', 'chainId', 'verifyingContract'],
    ]);
  });
});
