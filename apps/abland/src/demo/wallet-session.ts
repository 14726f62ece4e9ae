import type { JsonRpcProvider } from 'ethers';
import { HDNodeWallet, id, NonceManager, parseEther, Wallet } from 'ethers';
import type { ApiClient } from './api-client.js';
import { REQUEST_SIGN_IN, SIGN_IN } from './documents.js';

/** The phrase of the embedded chain's funded accounts, the same as in every development chain. Never of value. */
const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk';
/** The tenth of them pays the demo's wallets. */
const FUNDING_PATH = "m/44'/60'/0'/0/9";
const FUNDS_WEI = parseEther('10');

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
): Promise<WalletSession> {
  const wallet = new Wallet(id(`abland demo ${run}`), provider);
  await fund(wallet, provider);
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

async function fund(wallet: Wallet, provider: JsonRpcProvider): Promise<void> {
  if ((await provider.getBalance(wallet.address)) > 0n) return;
  const payer = new NonceManager(
    HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, '', FUNDING_PATH).connect(provider),
  );
  const funding = await payer.sendTransaction({ to: wallet.address, value: FUNDS_WEI });
  await funding.wait(1);
}
