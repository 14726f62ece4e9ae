import type { Client } from 'urql';
import {
  type DevelopmentAccountsQuery,
  RequestSignInDocument,
  SignInDocument,
} from '../api/operations.gen.js';
import { toldOf } from '../api/errors.js';
import { keepSession } from '../api/session.js';
import type { Wallet } from './wallets.js';

/** The wallet signs the server's message (EIP-4361), the server knows by that who it is. @throws Error for people */
export async function signIn(client: Client, wallet: Wallet): Promise<void> {
  const address = await wallet.connect();
  const asked = await client.mutation(RequestSignInDocument, { address }).toPromise();
  if (asked.error !== undefined || asked.data === undefined) throw failed(asked.error);
  const { message } = asked.data.requestSignIn;
  const signature = await wallet.sign(message, address);
  const signed = await client.mutation(SignInDocument, { message, signature }).toPromise();
  if (signed.error !== undefined || signed.data === undefined) throw failed(signed.error);
  keepSession({ address, ...signed.data.signIn });
}

const failed = (error: Parameters<typeof toldOf>[0] | undefined): Error =>
  new Error(error === undefined ? 'The server did not answer' : toldOf(error).message);

type Account = DevelopmentAccountsQuery['developmentAccounts'][number];

export const developmentWallet = ({ address, privateKey }: Account): Wallet => ({
  ...{
    id: `development-${address}`,
    name: `Development account ${address.slice(0, 6)}…${address.slice(-4)}`,
    icon: null,
  },
  connect: () => Promise.resolve(address),
  async sign(message) {
    const { signAsDevelopment } = await import('./development-wallet.js');
    return signAsDevelopment(message, privateKey);
  },
});
