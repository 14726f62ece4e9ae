import { useState } from 'react';
import { useAsked } from '../../api/asked.js';
import {
  GiveAddLiquidityDocument,
  GiveRemoveLiquidityDocument,
  type PoolFieldsFragment,
  PositionsDocument,
} from '../../api/operations.gen.js';
import { session } from '../../api/session.js';
import { useStore } from '../../browser/store.js';
import { baseUnitsOf, exactAmount } from '../../format/amounts.js';
import { useNumbers, useWords } from '../../messages/language.js';
import { pulse, serverNow, useNews } from '../../news/pulse.js';
import { askBy, type AskOrder, OrderDialog } from '../../orders/OrderDialog.js';
import { connectIsOpen } from '../../session/connect.js';
import { useBalance } from '../../shown/balances.js';
import { type PoolSideName, sidesOf } from '../../shown/pool-sides.js';
import { Amount } from '../../ui/Amount.js';
import { AmountField } from '../trade/AmountField.js';
import { TermsFields } from '../trade/TermsFields.js';
import { deadlineOf, USUAL_TERMS } from '../trade/terms.js';

const POSITIONS_MAX = 100;
const PARTS = [25, 50, 75, 100] as const;

interface Of {
  readonly pool: PoolFieldsFragment;
}

/** Puts both tokens into a pool, or takes one's share out of it. */
export function Liquidity({ act, pool }: Of & { readonly act: 'add' | 'remove' }) {
  return act === 'add' ? <Add pool={pool} /> : <Remove pool={pool} />;
}

/** What the other side takes at the pool's price; null where that is not known. */
export function otherSide(amount: string | null, [own, other]: readonly [string, string]): string | null {
  if (amount === null || own === '0') return null;
  return ((BigInt(amount) * BigInt(other)) / BigInt(own)).toString();
}

const asToken = ({ address, decimals, isForeign, name, symbol }: PoolSideName) => ({
  ...{ address, decimals, isForeign, name, symbol },
});

function Add({ pool }: Of) {
  const { pools: words, trade } = useWords();
  const who = useStore(session);
  const [typed, setTyped] = useState('');
  const [terms, setTerms] = useState(USUAL_TERMS);
  const [isTermsBad, setTermsBad] = useState(false);
  /** As it was reviewed: what changes meanwhile changes nothing of it. */
  const [reviewed, setReviewed] = useState<Omit<ReviewProps, 'onClose'> | null>(null);
  const [a, b] = sidesOf(pool);
  const numbers = useNumbers();
  const read = numbers.read(typed);
  const amountA = read === null || a.decimals === null ? null : baseUnitsOf(read, a.decimals);
  const amountB = otherSide(amountA, [pool.reserveA, pool.reserveB]);
  const [balanceA, balanceB] = [useBalance(a.address, a.isForeign), useBalance(b.address, b.isForeign)];
  const isShort =
    (balanceA !== null && amountA !== null && BigInt(amountA) > BigInt(balanceA)) ||
    (balanceB !== null && amountB !== null && BigInt(amountB) > BigInt(balanceB));
  const isGood = amountA !== null && amountB !== null && amountA !== '0' && amountB !== '0' && !isShort;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (who === null) connectIsOpen.set(true);
        else if (isGood && !isTermsBad) {
          const [amountAMin, amountBMin] = leastOf([amountA, amountB], terms.slippageBps);
          setReviewed({
            ...{ pool, title: words.add, amounts: [amountA, amountB], least: [amountAMin, amountBMin] },
            ask: askBy(GiveAddLiquidityDocument, (idempotencyKey) => ({
              input: {
                ...{ idempotencyKey, poolId: pool.id, amountAMin, amountBMin },
                ...{ amountADesired: amountA, amountBDesired: amountB, execution: terms.execution },
                deadline: deadlineOf(terms, serverNow(pulse.get().meta)),
              },
            })),
          });
        }
      }}
    >
      <AmountField label={a.symbol} token={asToken(a)} typed={typed} onTyped={setTyped} balance={balanceA} />
      <AmountField
        label={b.symbol}
        token={asToken(b)}
        typed={amountB === null ? '' : numbers.write(exactAmount(amountB, b.decimals ?? 0))}
      />
      <TermsFields terms={terms} onTerms={setTerms} onBad={setTermsBad} />
      {isShort ? (
        <p className="refused" role="alert">
          {trade.problems.tooLittle}
        </p>
      ) : null}
      <button type="submit" className="main wide" disabled={who !== null && (!isGood || isTermsBad)}>
        {who === null ? trade.connectFirst : words.review}
      </button>
      {reviewed === null ? null : <Review {...reviewed} onClose={() => setReviewed(null)} />}
    </form>
  );
}

function Remove({ pool }: Of) {
  const { pools: words, trade } = useWords();
  const who = useStore(session);
  const [part, setPart] = useState<number>(100);
  const [terms, setTerms] = useState(USUAL_TERMS);
  const [isTermsBad, setTermsBad] = useState(false);
  /** As it was reviewed: what changes meanwhile changes nothing of it. */
  const [reviewed, setReviewed] = useState<Omit<ReviewProps, 'onClose'> | null>(null);
  const { data } = useAsked({
    document: PositionsDocument,
    variables: { address: who?.address ?? '', first: POSITIONS_MAX },
    ...{ version: useNews(), isWanted: who !== null },
  });
  const mine = data?.portfolio.positions.edges.find(({ node }) => node.poolId === pool.id)?.node;
  if (who === null)
    return (
      <button type="button" className="main wide" onClick={() => connectIsOpen.set(true)}>
        {trade.connectFirst}
      </button>
    );
  const dialog = reviewed === null ? null : <Review {...reviewed} onClose={() => setReviewed(null)} />;
  if (mine === undefined) return dialog ?? <p className="quiet">{words.noShare}</p>;
  const of = (whole: string): string => ((BigInt(whole) * BigInt(part)) / 100n).toString();
  const liquidity = of(mine.liquidity);
  const amounts = [of(mine.worthA), of(mine.worthB)] as const;
  const review = (): void => {
    const [amountAMin, amountBMin] = leastOf(amounts, terms.slippageBps);
    setReviewed({
      ...{ pool, title: words.remove, amounts, least: [amountAMin, amountBMin] },
      ask: askBy(GiveRemoveLiquidityDocument, (idempotencyKey) => ({
        input: {
          ...{ idempotencyKey, poolId: pool.id, liquidity, amountAMin, amountBMin },
          execution: terms.execution,
          deadline: deadlineOf(terms, serverNow(pulse.get().meta)),
        },
      })),
    });
  };
  return (
    <div className="form">
      <p className="quiet">{words.yourShare(shareOf(mine.liquidity, mine.totalLiquidity))}</p>
      <div className="choice" role="group" aria-label={words.howMuch}>
        {PARTS.map((one) => (
          <button key={one} type="button" aria-pressed={one === part} onClick={() => setPart(one)}>
            {one} %
          </button>
        ))}
      </div>
      <Amounts pool={pool} amounts={amounts} />
      <TermsFields terms={terms} onTerms={setTerms} onBad={setTermsBad} />
      <button type="button" className="main wide" disabled={liquidity === '0' || isTermsBad} onClick={review}>
        {words.review}
      </button>
      {dialog}
    </div>
  );
}

/** Percent, to two places, cut. */
const shareOf = (part: string, whole: string): string =>
  whole === '0' ? '0' : exactAmount(((BigInt(part) * 10_000n) / BigInt(whole)).toString(), 2);

function Amounts(props: Of & { readonly amounts: readonly [string, string]; readonly isExact?: boolean }) {
  const { amounts, isExact = false, pool } = props;
  return (
    <dl className="lines">
      {sidesOf(pool).map(({ address, decimals, symbol }, index) => (
        <div key={address}>
          <dt>{symbol}</dt>
          <dd>
            <Amount baseUnits={amounts[index] ?? '0'} decimals={decimals} isExact={isExact} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface ReviewProps extends Of {
  readonly title: string;
  readonly amounts: readonly [string, string];
  /** What it is held to, base units. */
  readonly least: readonly [string, string];
  readonly ask: AskOrder;
  readonly onClose: () => void;
}

function Review({ amounts, ask, least, onClose, pool, title }: ReviewProps) {
  const { pools: words } = useWords();
  return (
    <OrderDialog title={title} button={words.confirm} ask={ask} onClose={onClose}>
      <Amounts pool={pool} amounts={amounts} isExact />
      <h3>{words.atLeast}</h3>
      <Amounts pool={pool} amounts={least} isExact />
    </OrderDialog>
  );
}

/** Less the slippage, rounded down. */
export const leastOf = (
  amounts: readonly [string, string],
  slippageBps: number,
): readonly [string, string] => {
  const least = (amount: string): string =>
    ((BigInt(amount) * BigInt(10_000 - slippageBps)) / 10_000n).toString();
  return [least(amounts[0]), least(amounts[1])];
};
