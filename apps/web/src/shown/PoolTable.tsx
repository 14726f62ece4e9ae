import type { PoolFieldsFragment } from '../api/operations.gen.js';
import { useNumbers, useWords } from '../messages/language.js';
import { Amount, PriceText } from '../ui/Amount.js';
import { Finality } from '../ui/Finality.js';
import { Link } from '../ui/Link.js';
import { Age } from '../ui/parts.js';
import { RowTable } from '../ui/RowTable.js';
import { TokenMark } from '../ui/TokenMark.js';
import { priceOf } from './candle-prices.js';
import { type PoolSideName, sidesOf } from './pool-sides.js';

type Pool = PoolFieldsFragment;

/** Both tokens of a pool by mark and symbol. */
export function PoolLabel({ pool, size = 26 }: { readonly pool: Pool; readonly size?: number }) {
  const { token: words } = useWords();
  const sides = sidesOf(pool);
  return (
    <span className="token-label">
      <span className="marks">
        {sides.map(({ address, symbol }) => (
          <TokenMark key={address} address={address} symbol={symbol} size={size} />
        ))}
      </span>
      <span className="token-names">
        <strong>{sides.map(({ symbol }) => symbol).join(' / ')}</strong>
        {sides.some(({ isForeign }) => isForeign) ? (
          <span className="flag" data-tone="warn" title={words.foreignAbout}>
            {words.foreign}
          </span>
        ) : null}
      </span>
    </span>
  );
}

export function PoolTable({
  label,
  onEnd,
  pools,
}: {
  readonly label: string;
  readonly pools: readonly Pool[];
  readonly onEnd?: () => void;
}) {
  const { pools: words, token } = useWords();
  const numbers = useNumbers();
  const of = (baseUnits: string, { decimals, symbol }: PoolSideName) => (
    <Amount {...{ baseUnits, decimals, symbol }} />
  );
  return (
    <RowTable
      {...{ label, layout: 'pool-rows', rows: pools, rowHeight: 48 }}
      keyOf={({ id }) => id}
      {...(onEnd === undefined ? {} : { onEnd })}
      columns={[
        {
          ...{ name: 'pool', label: words.pool },
          cell: (pool) => (
            <Link className="row-link" to={`/pools/${pool.id}`}>
              <PoolLabel pool={pool} />
            </Link>
          ),
        },
        {
          ...{ name: 'price', label: token.price, isNumber: true },
          cell: (pool) => {
            const [a, b] = sidesOf(pool);
            if (a.decimals === null || b.decimals === null) return <span className="faint">—</span>;
            const [base, quote] = [
              { symbol: a.symbol, decimals: a.decimals },
              { symbol: b.symbol, decimals: b.decimals },
            ];
            const price = priceOf({ a: pool.reserveA, b: pool.reserveB }, true, base, quote);
            return <PriceText value={price} unit={b.symbol} />;
          },
        },
        {
          ...{ name: 'reserveA', label: words.reserves, isNumber: true },
          cell: (pool) => of(pool.reserveA, sidesOf(pool)[0]),
        },
        {
          ...{ name: 'reserveB', label: <span className="unseen">{words.reserves}</span>, isNumber: true },
          cell: (pool) => of(pool.reserveB, sidesOf(pool)[1]),
        },
        {
          ...{ name: 'volume', label: token.volume24h, isNumber: true },
          cell: (pool) => of(pool.analytics.volume24hA, sidesOf(pool)[0]),
        },
        {
          ...{ name: 'apy', label: words.apy, isNumber: true },
          cell: ({ analytics: { apy } }) => (apy ? `${numbers.compact(apy)} %` : '—'),
        },
        { ...{ name: 'swaps', label: words.swaps, isNumber: true }, cell: ({ swapCount }) => swapCount },
        {
          ...{ name: 'age', label: token.age, isNumber: true },
          cell: ({ createdAt }) => <Age at={createdAt} />,
        },
        {
          ...{ name: 'finality', label: <span className="unseen">{token.finality}</span> },
          cell: ({ finality }) => <Finality finality={finality} isShort />,
        },
      ]}
    />
  );
}
