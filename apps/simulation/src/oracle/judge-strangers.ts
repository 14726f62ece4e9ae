import { strangerAt } from '@abland/testing/market';
import type { SimulatedChain } from '@abland/testing/simulated-chain';
import type pg from 'pg';
import type { Violation } from './violation.js';

const FIELDS = ['name', 'symbol', 'decimals'] as const;

type Row = Readonly<Record<'address' | 'state' | `${(typeof FIELDS)[number]}_missing`, string | null>> &
  Readonly<Record<(typeof FIELDS)[number], string | number | null>>;

/**
 * What is told of strangers' tokens against what they are: each whose pool was opened is told of, as it is, but for what nobody
 * answered for; and nothing else is.
 */
export async function judgeStrangers(
  database: pg.Pool | pg.PoolClient,
  chainId: number,
  blocks: SimulatedChain['blocks'],
): Promise<readonly Violation[]> {
  const { rows } = await database.query<Row>('SELECT * FROM read_model.foreign_tokens WHERE chain_id = $1', [
    chainId,
  ]);
  const { pools, strangers } = blocks.at(-1)?.state ?? { pools: new Map(), strangers: new Set<string>() };
  const opened = [...pools.values()].flatMap(({ tokenA, tokenB }) => [tokenA, tokenB]);
  const told = new Map(rows.map((row) => [String(row.address).toLowerCase(), row]));
  const wanted = new Set(opened.filter((token) => strangers.has(token)));
  const missing = [...wanted].filter((token) => !told.has(token));
  const wrong = [...told].filter(
    ([token, row]) => !wanted.has(token) || !isTrue(row, strangerAt(token).shown),
  );
  return [
    ...missing.map((token) => ({ kind: 'READ_MODEL foreign_tokens', detail: `${token} is not told of` })),
    ...wrong.map(([, row]) => ({ kind: 'READ_MODEL foreign_tokens', detail: JSON.stringify(row) })),
  ];
}

const isTrue = (row: Row, shown: ReturnType<typeof strangerAt>['shown']): boolean =>
  FIELDS.every((field) => row[`${field}_missing`] === 'UNANSWERED' || row[field] === shown[field]);
