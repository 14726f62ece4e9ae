import { useState } from 'react';
import { GiveCreatePoolDocument } from '../../api/operations.gen.js';
import { session } from '../../api/session.js';
import { useStore } from '../../browser/store.js';
import { baseUnitsOf, ratioText } from '../../format/amounts.js';
import { useNumbers, useWords } from '../../messages/language.js';
import { askBy, OrderDialog } from '../../orders/OrderDialog.js';
import { connectIsOpen } from '../../session/connect.js';
import { useBalance } from '../../shown/balances.js';
import { useTokenNames } from '../../shown/token-names.js';
import { Icon } from '../../ui/icons.js';
import { Link } from '../../ui/Link.js';
import { AmountField } from '../trade/AmountField.js';

/** A first deposit of two tokens, which says what one costs in the other. */
export function OpenPool({
  first,
  onClose,
}: {
  readonly first: string | null;
  readonly onClose: () => void;
}) {
  const { pools: words, trade } = useWords();
  const numbers = useNumbers();
  const who = useStore(session);
  const [tokens, setTokens] = useState<{ a: string | null; b: string | null }>({ a: first, b: null });
  const [typed, setTyped] = useState({ a: '', b: '' });
  const [isReviewed, setReviewed] = useState(false);
  const nameOf = useTokenNames([tokens.a, tokens.b].filter((one) => one !== null));
  const [a, b] = [tokens.a, tokens.b].map((one) => (one === null ? null : nameOf(one)));
  const [balanceA, balanceB] = [useBalance(tokens.a, a?.isForeign), useBalance(tokens.b, b?.isForeign)];
  const amountA = unitsOf(numbers.read(typed.a), a?.decimals ?? null);
  const amountB = unitsOf(numbers.read(typed.b), b?.decimals ?? null);
  const isGood =
    tokens.a !== null &&
    tokens.b !== null &&
    tokens.a !== tokens.b &&
    isPositive(amountA) &&
    isPositive(amountB);
  const price = isGood ? ratioText(amountB, amountA, (a?.decimals ?? 0) - (b?.decimals ?? 0)) : null;
  const start = price === null ? null : `1 ${a?.symbol} = ${numbers.price(price)} ${b?.symbol}`;
  return (
    <section className="panel padded open-pool" aria-label={words.open}>
      <div className="section-head">
        <h2>{words.open}</h2>
        <button type="button" className="plain" aria-label={words.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <p className="quiet">{words.openAbout}</p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (who === null) connectIsOpen.set(true);
          else if (isGood) setReviewed(true);
        }}
      >
        <AmountField
          label={words.first}
          token={a ?? null}
          typed={typed.a}
          onTyped={(text) => setTyped({ ...typed, a: text })}
          onToken={(address) => setTokens({ ...tokens, a: address })}
          balance={balanceA}
        />
        <AmountField
          label={words.second}
          token={b ?? null}
          typed={typed.b}
          onTyped={(text) => setTyped({ ...typed, b: text })}
          onToken={(address) => setTokens({ ...tokens, b: address })}
          balance={balanceB}
        />
        <p className="quiet">{start === null ? words.priceAbout : words.startPrice(start)}</p>
        <button type="submit" className="main wide" disabled={who !== null && !isGood}>
          {who === null ? trade.connectFirst : words.review}
        </button>
      </form>
      {isReviewed && isGood ? (
        <Review
          {...{ amountA, amountB, start }}
          a={{ address: tokens.a ?? '', shown: `${typed.a} ${a?.symbol}` }}
          b={{ address: tokens.b ?? '', shown: `${typed.b} ${b?.symbol}` }}
          pair={`${a?.symbol} / ${b?.symbol}`}
          onClose={() => setReviewed(false)}
        />
      ) : null}
    </section>
  );
}

interface ReviewProps {
  readonly a: { readonly address: string; readonly shown: string };
  readonly b: { readonly address: string; readonly shown: string };
  readonly amountA: string;
  readonly amountB: string;
  readonly pair: string;
  readonly start: string | null;
  readonly onClose: () => void;
}

function Review({ a, amountA, amountB, b, onClose, pair, start }: ReviewProps) {
  const { pools: words } = useWords();
  return (
    <OrderDialog
      title={words.openTitle(pair)}
      button={words.confirm}
      onClose={onClose}
      ask={askBy(GiveCreatePoolDocument, (idempotencyKey) => ({
        input: { idempotencyKey, tokenA: a.address, tokenB: b.address, amountA, amountB },
      }))}
      done={({ command }) =>
        command?.outcome?.poolId ? (
          <p className="order-done">
            <Link to={`/pools/${command.outcome.poolId}`}>{words.toPool}</Link>
          </p>
        ) : null
      }
    >
      <div className="review">
        <p>
          <span>{words.first}</span>
          <strong>{a.shown}</strong>
        </p>
        <p>
          <span>{words.second}</span>
          <strong>{b.shown}</strong>
        </p>
      </div>
      <p className="dialog-about">{start}</p>
    </OrderDialog>
  );
}

const unitsOf = (typed: string | null, decimals: number | null): string | null =>
  typed === null || decimals === null ? null : baseUnitsOf(typed, decimals);

const isPositive = (amount: string | null): amount is string => amount !== null && amount !== '0';
