// Buys back a hundredth of what others sell into a pool: node libs/client/examples/bot.ts
// ABLAND_URL, RPC_URL, PRIVATE_KEY (an account with coins for gas and tokens of the pool), POOL_ID
import { AblandClient, FollowSwapsDocument } from '@abland/client';
import { JsonRpcProvider, Wallet } from 'ethers';

const { ABLAND_URL = 'http://localhost:4000', RPC_URL = 'http://localhost:8545', POOL_ID } = process.env;
const { PRIVATE_KEY } = process.env;
if (POOL_ID === undefined || PRIVATE_KEY === undefined) throw new Error('Set POOL_ID and PRIVATE_KEY');

const wallet = new Wallet(PRIVATE_KEY, new JsonRpcProvider(RPC_URL, undefined, { cacheTimeout: -1 }));
const client = new AblandClient({ url: ABLAND_URL, retries: { attemptsMax: 20 } });
await client.signIn(wallet);
console.log(`${wallet.address} follows ${POOL_ID}`);

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

for await (const { change } of client.follow(
  FollowSwapsDocument,
  { filter: { poolId: POOL_ID } },
  stop.signal,
)) {
  if (change.retraction !== null) console.log(`taken back: ${change.retraction.ids.join(', ')}`);
  for (const { amountOut, tokenIn, tokenOut, txHash, user } of change.swaps) {
    if (user === wallet.address) continue;
    const amountIn = String(BigInt(amountOut) / 100n);
    try {
      // The transaction that is answered names the command: also where a reorg moves it, it is answered once.
      const input = { idempotencyKey: `answer-${txHash}`, tokenIn: tokenOut, tokenOut: tokenIn, amountIn };
      const { outcome, status } = await client.perform('swap', input);
      console.log(`${status}: ${amountIn} of ${tokenOut} for ${outcome?.amountOut} of ${tokenIn}`);
    } catch (error) {
      console.log(`not answered: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
await client.close();
process.exit();
