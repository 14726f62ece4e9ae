import type { Client } from 'urql';
import { RequestSignInDocument, SignInDocument, SignOutDocument } from '../api/operations.gen.js';
import { toldOf } from '../api/errors.js';
import { beginSession, endSession } from '../api/session.js';
import { chooseWallet } from '../wallet/own-wallet.js';
import type { Wallet } from '../wallet/wallet.js';

/** The wallet signs the server's message (EIP-4361), the server knows by that who it is. @throws Error for people */
export async function signIn(client: Client, wallet: Wallet): Promise<void> {
  const address = await wallet.connect();
  const asked = await client.mutation(RequestSignInDocument, { address }).toPromise();
  if (asked.error !== undefined || asked.data === undefined) throw failed(asked.error);
  const { message } = asked.data.requestSignIn;
  const signature = await wallet.sign(message, address);
  const askedAt = Date.now();
  const signed = await client.mutation(SignInDocument, { message, signature }).toPromise();
  if (signed.error !== undefined || signed.data === undefined) throw failed(signed.error);
  chooseWallet(wallet);
  beginSession(signed.data.signIn.user.address, signed.data.signIn, askedAt);
}

/** For how long it is waited that the server ends the session too. */
const SIGN_OUT_MS = 3_000;

/** Ends the session here, and at the server where that answers. */
export async function signOut(client: Client): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, SIGN_OUT_MS));
  await Promise.race([client.mutation(SignOutDocument, {}).toPromise(), late]);
  chooseWallet(null);
  endSession();
}

const failed = (error: Parameters<typeof toldOf>[0] | undefined): Error =>
  new Error(error === undefined ? 'The server did not answer' : toldOf(error).message);
