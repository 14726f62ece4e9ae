import { useAsked } from '../../api/asked.js';
import { PoolsDocument } from '../../api/operations.gen.js';
import { useLocation } from '../../browser/router.js';
import { useWords } from '../../messages/language.js';
import { useNews } from '../../news/pulse.js';
import { PriceChart } from '../../shown/PriceChart.js';
import { sidesOf } from '../../shown/pool-sides.js';
import { isFirst } from '../../shown/TokenTable.js';
import { useTokenNames } from '../../shown/token-names.js';
import { PageHead } from '../../ui/parts.js';
import { SwapForm } from './SwapForm.js';

/** Any token for any other that there is a pool of. */
export default function TradePage() {
  const { trade: words } = useWords();
  const { searchParams } = useLocation();
  const news = useNews();
  // Who comes without a wish begins with the pool that is traded most.
  const { data } = useAsked({
    document: PoolsDocument,
    variables: { first: 1, after: null, sort: 'SWAPS', filter: {} },
    version: news === '' ? '' : 'known',
  });
  const most = data?.pools.edges[0]?.node;
  const [a, b] = most === undefined ? [null, null] : sidesOf(most);
  const wished = searchParams.get('to');
  const tokenIn = searchParams.get('from') ?? (wished === null ? (a?.address ?? null) : null);
  const tokenOut = wished ?? (searchParams.get('from') === null ? (b?.address ?? null) : null);
  return (
    <>
      <PageHead title={words.title} about={words.about} />
      <div className="columns trade">
        <section className="panel padded trade-form" aria-label={words.title}>
          <SwapForm key={searchParams.toString()} tokenIn={tokenIn} tokenOut={tokenOut} />
        </section>
        {tokenIn === null || tokenOut === null ? null : <PairChart tokenIn={tokenIn} tokenOut={tokenOut} />}
      </div>
    </>
  );
}

function PairChart({ tokenIn, tokenOut }: { readonly tokenIn: string; readonly tokenOut: string }) {
  const nameOf = useTokenNames([tokenIn, tokenOut]);
  const { data } = useAsked({
    document: PoolsDocument,
    variables: { first: 100, after: null, sort: 'LIQUIDITY', filter: { token: tokenIn } },
    version: '',
  });
  const pool = data?.pools.edges.find(({ node }) =>
    [node.tokenAAddress, node.tokenBAddress].includes(tokenOut),
  )?.node;
  const [base, quote] = [nameOf(tokenIn), nameOf(tokenOut)];
  if (pool === undefined || base.decimals === null || quote.decimals === null) return null;
  return (
    <PriceChart
      poolId={pool.id}
      isFirst={isFirst(tokenIn, tokenOut)}
      base={{ symbol: base.symbol ?? '', decimals: base.decimals }}
      quote={{ symbol: quote.symbol ?? '', decimals: quote.decimals }}
    />
  );
}
