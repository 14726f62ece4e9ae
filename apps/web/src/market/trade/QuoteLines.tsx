import type { QuoteQuery } from '../../api/operations.gen.js';
import { ratioText } from '../../format/amounts.js';
import { useNumbers, useWords } from '../../messages/language.js';
import type { TokenName } from '../../shown/token-names.js';
import { Amount, PriceText } from '../../ui/Amount.js';
import { Finality } from '../../ui/Finality.js';
import { Link } from '../../ui/Link.js';

/** From here on a trade moves the price against whoever makes it. */
const IMPACT_BPS = { warn: 200, bad: 1_000 };

export interface QuoteLinesProps {
  readonly quote: QuoteQuery['quote'];
  readonly paid: TokenName;
  readonly got: TokenName;
  readonly slippageBps: number;
}

/** What the trade would do, and what it would cost, to the unit. */
export function QuoteLines({ got, paid, quote, slippageBps }: QuoteLinesProps) {
  const { trade: words } = useWords();
  const numbers = useNumbers();
  const impact = quote.priceImpactBps;
  const tone = impact >= IMPACT_BPS.bad ? 'bad' : impact >= IMPACT_BPS.warn ? 'warn' : 'idle';
  const price = ratioText(quote.amountOut, quote.amountIn, (paid.decimals ?? 0) - (got.decimals ?? 0));
  const of = ({ decimals, symbol }: TokenName) => ({ decimals, ...(symbol === null ? {} : { symbol }) });
  return (
    <>
      <dl className="lines">
        <div>
          <dt>{words.price}</dt>
          <dd>
            1 {paid.symbol} = <PriceText value={price} unit={got.symbol} />
          </dd>
        </div>
        <div data-tone={tone}>
          <dt>{words.impact}</dt>
          <dd className="toned">{numbers.compact((impact / 100).toFixed(2))} %</dd>
        </div>
        <div>
          <dt>{words.minimum(numbers.compact(String(slippageBps / 100)))}</dt>
          <dd>
            <strong>
              <Amount baseUnits={quote.amountOutMin} {...of(got)} isExact />
            </strong>
          </dd>
        </div>
        <div>
          <dt>{words.fee}</dt>
          <dd>
            <Amount baseUnits={quote.fee} {...of(paid)} />
          </dd>
        </div>
        <div>
          <dt>{words.route}</dt>
          <dd>
            <Link to={`/pools/${quote.poolId}`}>
              {paid.symbol} → {got.symbol}
            </Link>{' '}
            <Finality finality={quote.finality} isShort />
          </dd>
        </div>
      </dl>
      {tone === 'bad' ? (
        <p className="refused" role="alert">
          {words.impactBad}
        </p>
      ) : null}
    </>
  );
}
