import type { JsonRpcProvider } from 'ethers';
import { formatEther, HDNodeWallet, id, NonceManager, parseEther, Wallet } from 'ethers';
import { AblandError } from '@abland/kernel';
import type { ApiClient } from './api-client.js';
import { REQUEST_SIGN_IN, SIGN_IN } from './documents.js';

/** The phrase of the embedded chain's funded accounts, the same as in every development chain. Never of value. */
const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk';
/** The tenth of them pays the demo's wallets. */
const FUNDING_PATH = "m/44'/60'/0'/0/9";
const FUNDS_WEI = parseEther('10');
/** Of a payer that was named, whose coins are worth something: enough for the gas of a run. */
const NAMED_FUNDS_WEI = parseEther('0.1');

/** Nobody pays for the gas of the demo's wallet. */
export class DemoUnfundedError extends AblandError {
  readonly code = 'DEMO_UNFUNDED';
}

export interface WalletSession {
  readonly address: string;
  readonly wallet: Wallet;
  /** Signs and sends; returns once the chain has mined it, or at once. */
  send(
    transaction: { readonly to: string; readonly data: string; readonly value: string },
    until?: 'mined' | 'sent',
  ): Promise<string>;
}

/** A wallet of this run's own, funded for gas and signed in. The same run name is the same wallet. */
export async function openWallet(
  run: string,
  provider: JsonRpcProvider,
  api: ApiClient,
  fundingKey: string | null = null,
): Promise<WalletSession> {
  const wallet = new Wallet(id(`abland demo ${run}`), provider);
  await fund(wallet, provider, fundingKey);
  const asked = await api.query<{ requestSignIn: { message: string } }>(REQUEST_SIGN_IN, {
    address: wallet.address,
  });
  const { message } = asked.requestSignIn;
  const signature = await wallet.signMessage(message);
  const { signIn } = await api.query<{ signIn: { token: string } }>(SIGN_IN, { message, signature });
  api.authorize(signIn.token);
  return {
    address: wallet.address,
    wallet,
    async send({ to, data, value }, until = 'mined') {
      const response = await wallet.sendTransaction({ to, data, value: BigInt(value) });
      if (until === 'mined') await response.wait(1);
      return response.hash;
    },
  };
}

/** @throws DemoUnfundedError */
async function fund(wallet: Wallet, provider: JsonRpcProvider, key: string | null): Promise<void> {
  if ((await provider.getBalance(wallet.address)) > 0n) return;
  const account =
    key === null ? HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, '', FUNDING_PATH) : new Wallet(key);
  const value = key === null ? FUNDS_WEI : NAMED_FUNDS_WEI;
  const held = await provider.getBalance(account.address);
  if (held <= value) {
    const problem = `${account.address} has ${formatEther(held)} coins of this chain, and the demo's wallet needs ${formatEther(value)} and the gas to send them`;
    throw new DemoUnfundedError(`${problem}: set DEMO_FUNDING_KEY to the key of an account that has them`);
  }
  const payer = new NonceManager(account.connect(provider));
  const funding = await payer.sendTransaction({ to: wallet.address, value });
  await funding.wait(1);
}
