import { index, onchainTable, primaryKey } from 'ponder';

export const token = onchainTable('token', (t) => ({
  address: t.hex().primaryKey(),
  creator: t.hex().notNull(),
  name: t.text().notNull(),
  symbol: t.text().notNull(),
  decimals: t.integer(),
  metadataURI: t.text(),
  totalSupply: t.bigint().notNull(),
  createdAt: t.bigint().notNull(),
}));

export const transfer = onchainTable(
  'transfer',
  (t) => ({
    id: t.text().primaryKey(),
    token: t.hex().notNull(),
    from: t.hex().notNull(),
    to: t.hex().notNull(),
    amount: t.bigint().notNull(),
    blockNumber: t.bigint().notNull(),
    txHash: t.hex().notNull(),
  }),
  (table) => ({ ofToken: index().on(table.token) }),
);

export const balance = onchainTable(
  'balance',
  (t) => ({ token: t.hex().notNull(), holder: t.hex().notNull(), amount: t.bigint().notNull() }),
  (table) => ({
    pk: primaryKey({ columns: [table.token, table.holder] }),
    ofHolder: index().on(table.holder),
  }),
);

export const pool = onchainTable('pool', (t) => ({
  id: t.hex().primaryKey(),
  tokenA: t.hex().notNull(),
  tokenB: t.hex().notNull(),
  reserveA: t.bigint().notNull(),
  reserveB: t.bigint().notNull(),
}));

export const swap = onchainTable(
  'swap',
  (t) => ({
    id: t.text().primaryKey(),
    pool: t.hex().notNull(),
    user: t.hex().notNull(),
    tokenIn: t.hex().notNull(),
    tokenOut: t.hex().notNull(),
    amountIn: t.bigint().notNull(),
    amountOut: t.bigint().notNull(),
    blockNumber: t.bigint().notNull(),
    time: t.bigint().notNull(),
    txHash: t.hex().notNull(),
  }),
  (table) => ({
    newest: index().on(table.blockNumber),
    ofPool: index().on(table.pool, table.blockNumber),
    ofUser: index().on(table.user),
  }),
);

export const candle = onchainTable(
  'candle',
  (t) => ({
    pool: t.hex().notNull(),
    hour: t.bigint().notNull(),
    open: t.real().notNull(),
    high: t.real().notNull(),
    low: t.real().notNull(),
    close: t.real().notNull(),
    volumeA: t.bigint().notNull(),
    volumeB: t.bigint().notNull(),
    swaps: t.integer().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.pool, table.hour] }) }),
);
