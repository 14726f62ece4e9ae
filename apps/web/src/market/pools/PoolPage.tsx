import { useState } from 'react';
import { useAsked } from '../../api/asked.js';
import { PoolDocument, type PoolFieldsFragment, SwapsDocument } from '../../api/operations.gen.js';
import { usePaged } from '../../api/paged.js';
import { useNumbers, useWords } from '../../messages/language.js';
import { useNews } from '../../news/pulse.js';
import { pageOf } from '../../shown/connection-pages.js';
import { Explain } from '../../shown/Explain.js';
import { PoolLabel } from '../../shown/PoolTable.js';
import { sidesOf } from '../../shown/pool-sides.js';
import { PriceChart } from '../../shown/PriceChart.js';
import { Trades } from '../../shown/Trades.js';
import { Amount } from '../../ui/Amount.js';
import { CopyId } from '../../ui/Copy.js';
import { Finality } from '../../ui/Finality.js';
import { Link } from '../../ui/Link.js';
import { Empty, Time } from '../../ui/parts.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { Tabs } from '../../ui/Tabs.js';
import { SwapForm } from '../trade/SwapForm.js';
import { Liquidity } from './Liquidity.js';

const PAGE = 50;
type Act = 'swap' | 'add' | 'remove';

/** One pool: its price, its trades, what lies in it, and one's own share of it. */
export default function PoolPage({ parameters }: { readonly parameters: Readonly<Record<string, string>> }) {
  const id = parameters['id'] ?? '';
  const { pools: words } = useWords();
  const { data, refused } = useAsked({ document: PoolDocument, variables: { id }, version: useNews() });
  if (data === undefined)
    return refused === null ? (
      <Skeleton label={words.title} rows={6} height={80} />
    ) : (
      <Empty title={words.unknownTitle}>{refused.message}</Empty>
    );
  if (!data.pool) return <Empty title={words.unknownTitle}>{words.unknownAbout}</Empty>;
  return <Whole pool={data.pool} />;
}

function Whole({ pool }: { readonly pool: PoolFieldsFragment }) {
  const { pools: words } = useWords();
  const [act, setAct] = useState<Act>('swap');
  const [shown, setShown] = useState<'trades' | 'why'>('trades');
  const [a, b] = sidesOf(pool);
  return (
    <>
      <header className="token-head">
        <h1>
          <PoolLabel pool={pool} size={40} />
        </h1>
        <p>
          <CopyId value={pool.id} what={words.id} />
          <Finality finality={pool.finality} />
        </p>
      </header>
      <div className="columns market">
        <div className="stack">
          {a.decimals === null || b.decimals === null ? null : (
            <PriceChart
              poolId={pool.id}
              isFirst
              base={{ symbol: a.symbol, decimals: a.decimals }}
              quote={{ symbol: b.symbol, decimals: b.decimals }}
            />
          )}
          <section className="panel flush">
            <Tabs
              label={words.pool}
              chosen={shown}
              onChoose={setShown}
              tabs={[
                { name: 'trades', label: words.trades },
                { name: 'why', label: words.why },
              ]}
            >
              {shown === 'trades' ? (
                <PoolTrades pool={pool} />
              ) : (
                <Explain table="pools" rowKey={[String(pool.chainId), pool.id]} />
              )}
            </Tabs>
          </section>
        </div>
        <aside className="stack">
          <section className="panel padded">
            <Tabs<Act>
              label={words.acts}
              chosen={act}
              onChoose={setAct}
              tabs={[
                { name: 'swap', label: words.swap },
                { name: 'add', label: words.add },
                { name: 'remove', label: words.remove },
              ]}
            >
              {act === 'swap' ? (
                <SwapForm tokenIn={a.address} tokenOut={b.address} isFixed />
              ) : (
                <Liquidity key={act} pool={pool} act={act} />
              )}
            </Tabs>
          </section>
          <PoolFacts pool={pool} />
        </aside>
      </div>
    </>
  );
}

function PoolTrades({ pool }: { readonly pool: PoolFieldsFragment }) {
  const { pools: words, token } = useWords();
  const swaps = usePaged({
    document: SwapsDocument,
    variables: (after) => ({ first: PAGE, after, filter: { poolId: pool.id } }),
    pageOf: ({ swaps: found }) => pageOf(found),
    ...{ of: pool.id, version: useNews() },
  });
  if (swaps.rows.length > 0)
    return <Trades label={words.trades} swaps={swaps.rows} of={pool.tokenAAddress} onEnd={swaps.more} />;
  if (swaps.isWaiting) return <Skeleton label={words.trades} />;
  return <Empty title={token.noTrades}>{token.noTradesAbout}</Empty>;
}

function PoolFacts({ pool }: { readonly pool: PoolFieldsFragment }) {
  const { pools: words, token } = useWords();
  const numbers = useNumbers();
  const [a, b] = sidesOf(pool);
  const { analytics } = pool;
  const rows = [
    [words.reserveOf(a.symbol), <Amount key="" baseUnits={pool.reserveA} decimals={a.decimals} />],
    [words.reserveOf(b.symbol), <Amount key="" baseUnits={pool.reserveB} decimals={b.decimals} />],
    [words.volumeOf(a.symbol), <Amount key="" baseUnits={analytics.volume24hA} decimals={a.decimals} />],
    [words.volumeOf(b.symbol), <Amount key="" baseUnits={analytics.volume24hB} decimals={b.decimals} />],
    [words.feesOf(a.symbol), <Amount key="" baseUnits={analytics.fees24hA} decimals={a.decimals} />],
    [words.feesOf(b.symbol), <Amount key="" baseUnits={analytics.fees24hB} decimals={b.decimals} />],
    [words.apy, analytics.apy ? `${numbers.compact(analytics.apy)} %` : '—'],
    [words.swaps, numbers.exact(String(pool.swapCount))],
    [token.created, <Time key="" at={pool.createdAt} />],
    [
      token.creator,
      <Link key="" to={`/address/${pool.creator}`}>
        <code>{`${pool.creator.slice(0, 6)}…${pool.creator.slice(-4)}`}</code>
      </Link>,
    ],
  ] as const;
  return (
    <section className="panel padded" aria-label={token.figures}>
      <dl className="lines">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
