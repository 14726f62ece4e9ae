import {
  formatEther,
  HDNodeWallet,
  id,
  parseEther,
  type Provider,
  type TransactionResponse,
  Wallet,
} from 'ethers';
import { AblandError } from '@abland/kernel';
import type { ApiClient, SessionTokens } from './api-client.js';
import { REQUEST_SIGN_IN, SIGN_IN } from './documents.js';
import { CommandLate } from './follow-command.js';
import { sendFrom } from './send-from.js';

/** The phrase of the embedded chain's funded accounts, the same as in every development chain. Never of value. */
const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk';
/** The tenth of them pays the demo's wallets. */
const FUNDING_PATH = "m/44'/60'/0'/0/9";
const FUNDS_WEI = parseEther('10');
/** Of a payer that was named, whose coins are worth something: enough for the gas of a run. */
const NAMED_FUNDS_WEI = parseEther('0.1');
/** Some blocks of a public chain; whoever runs the demo again goes on from there. */
const MINED_WITHIN_MS = 120_000;
const LOOK_AGAIN_MS = 50;

/** Nobody pays for the gas of the demo's wallet. */
export class DemoUnfundedError extends AblandError {
  readonly code = 'DEMO_UNFUNDED';
}

export interface WalletSession {
  readonly address: string;
  readonly wallet: Wallet;
  /** Signs and sends; returns once the chain has mined it, or at once. @throws CommandLate, NonceTaken */
  send(
    transaction: { readonly to: string; readonly data: string; readonly value: string },
    until?: 'mined' | 'sent',
  ): Promise<string>;
}

export interface WalletOptions {
  /** Of the account that pays; null: one that every development chain funds. */
  readonly fundingKey?: string | null;
  /** Milliseconds that the chain may take to mine a transaction. */
  readonly minedWithinMs?: number;
}

/**
 * A wallet of this run's own, funded for gas and signed in. The same run name is the same wallet.
 * @throws DemoUnfundedError, CommandLate, NonceTaken
 */
export async function openWallet(
  run: string,
  provider: Provider,
  api: ApiClient,
  { fundingKey = null, minedWithinMs = MINED_WITHIN_MS }: WalletOptions = {},
): Promise<WalletSession> {
  const wallet = new Wallet(id(`abland demo ${run}`), provider);
  const funding = await fund(wallet, provider, fundingKey);
  if (funding !== null) await untilMined(funding, minedWithinMs);
  const asked = await api.query<{ requestSignIn: { message: string } }>(REQUEST_SIGN_IN, {
    address: wallet.address,
  });
  const { message } = asked.requestSignIn;
  const signature = await wallet.signMessage(message);
  const { signIn } = await api.query<{ signIn: SessionTokens }>(SIGN_IN, { message, signature });
  api.authorize(signIn);
  return {
    address: wallet.address,
    wallet,
    async send({ to, data, value }, until = 'mined') {
      const response = await sendFrom(wallet, provider, { to, data, value: BigInt(value) });
      if (until === 'mined') await untilMined(response, minedWithinMs);
      return response.hash;
    },
  };
}

/**
 * A node that is asked for a transaction waits for a block, which need not come. It is looked at from here: what ethers' own waiting
 * fails at nobody could catch.
 * @throws CommandLate
 */
async function untilMined(sent: TransactionResponse, withinMs: number): Promise<void> {
  for (const giveUpAt = performance.now() + withinMs; (await sent.wait(0)) === null;) {
    const { hash } = sent;
    if (performance.now() >= giveUpAt)
      throw new CommandLate(`The chain did not mine ${hash} within ${withinMs / 1000} s`, { hash });
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** What pays for it, sent; null where it has coins. @throws DemoUnfundedError */
async function fund(
  wallet: Wallet,
  provider: Provider,
  key: string | null,
): Promise<TransactionResponse | null> {
  if ((await provider.getBalance(wallet.address)) > 0n) return null;
  const account =
    key === null ? HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, '', FUNDING_PATH) : new Wallet(key);
  const value = key === null ? FUNDS_WEI : NAMED_FUNDS_WEI;
  const held = await provider.getBalance(account.address);
  if (held <= value) {
    const problem = `${account.address} has ${formatEther(held)} coins of this chain, and the demo's wallet needs ${formatEther(value)} and the gas to send them`;
    throw new DemoUnfundedError(`${problem}: set DEMO_FUNDING_KEY to the key of an account that has them`);
  }
  return sendFrom(account, provider, { to: wallet.address, value });
}
