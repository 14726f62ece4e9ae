import { ponder } from 'ponder:registry';
import { balance, candle, pool, swap, token, transfer } from 'ponder:schema';

const NOBODY = '0x0000000000000000000000000000000000000000';
const HOUR = 3_600n;

ponder.on('Factory:TokenCreated', async ({ context, event }) => {
  const { creator, name, symbol, tokenAddress, totalSupply } = event.args;
  const row = { address: tokenAddress, creator, name, symbol, totalSupply, createdAt: event.block.timestamp };
  await context.db.insert(token).values(row);
});

ponder.on('Factory:TokenMetadataUpdated', async ({ context, event }) => {
  const { decimals, metadataURI, tokenAddress } = event.args;
  await context.db.update(token, { address: tokenAddress }).set({ decimals, metadataURI });
});

ponder.on('Token:Transfer', async ({ context, event }) => {
  const { amount, from, to } = event.args;
  const { address, logIndex } = event.log;
  const place = { blockNumber: event.block.number, txHash: event.transaction.hash };
  const id = `${place.blockNumber}-${logIndex}`;
  await context.db.insert(transfer).values({ id, token: address, from, to, amount, ...place });
  for (const [holder, change] of [
    [from, -amount],
    [to, amount],
  ] as const) {
    if (holder === NOBODY) continue;
    await context.db
      .insert(balance)
      .values({ token: address, holder, amount: change })
      .onConflictDoUpdate((row) => ({ amount: row.amount + change }));
  }
});

ponder.on('Manager:PoolCreated', async ({ context, event }) => {
  const { poolId, tokenA, tokenB } = event.args;
  await context.db.insert(pool).values({ id: poolId, tokenA, tokenB, reserveA: 0n, reserveB: 0n });
});

ponder.on('Manager:Sync', async ({ context, event }) => {
  const { poolId, reserveA, reserveB } = event.args;
  await context.db.update(pool, { id: poolId }).set({ reserveA, reserveB });
});

ponder.on('Manager:Swap', async ({ context, event }) => {
  const { amountIn, amountOut, poolId, tokenIn, tokenOut, user } = event.args;
  const { number: blockNumber, timestamp: time } = event.block;
  const place = { blockNumber, time, txHash: event.transaction.hash };
  const id = `${blockNumber}-${event.log.logIndex}`;
  await context.db
    .insert(swap)
    .values({ id, pool: poolId, user, tokenIn, tokenOut, amountIn, amountOut, ...place });
  const traded = await context.db.find(pool, { id: poolId });
  const sellsA = traded?.tokenA === tokenIn;
  const [volumeA, volumeB] = sellsA ? [amountIn, amountOut] : [amountOut, amountIn];
  const price = Number(volumeB) / Number(volumeA);
  await context.db
    .insert(candle)
    .values({
      ...{ pool: poolId, hour: time - (time % HOUR) },
      ...{ open: price, high: price, low: price, close: price, volumeA, volumeB, swaps: 1 },
    })
    .onConflictDoUpdate((row) => ({
      high: Math.max(row.high, price),
      low: Math.min(row.low, price),
      close: price,
      volumeA: row.volumeA + volumeA,
      volumeB: row.volumeB + volumeB,
      swaps: row.swaps + 1,
    }));
});
