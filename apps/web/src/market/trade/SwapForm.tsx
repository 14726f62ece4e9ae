import { useDeferredValue, useState } from 'react';
import { useAsked } from '../../api/asked.js';
import { QuoteDocument, type QuoteQuery } from '../../api/operations.gen.js';
import { session } from '../../api/session.js';
import { useStore } from '../../browser/store.js';
import { baseUnitsOf, exactAmount } from '../../format/amounts.js';
import { useWords } from '../../messages/language.js';
import { useNews } from '../../news/pulse.js';
import { connectIsOpen } from '../../session/connect.js';
import { useBalance } from '../../shown/balances.js';
import { type TokenName, useTokenNames } from '../../shown/token-names.js';
import { Icon } from '../../ui/icons.js';
import { AmountField } from './AmountField.js';
import { QuoteLines } from './QuoteLines.js';
import { SwapDialog } from './SwapDialog.js';
import { TermsFields } from './TermsFields.js';
import { USUAL_TERMS } from './terms.js';

export interface SwapFormProps {
  /** Null: none is chosen yet. */
  readonly tokenIn: string | null;
  readonly tokenOut: string | null;
  /** Whether the pair is given, and only its direction may be turned. */
  readonly isFixed?: boolean;
}

export type Quote = QuoteQuery['quote'];

/** So much of one token for at least so much of another, as it would be carried out now. */
export function SwapForm({ isFixed = false, tokenIn: firstIn, tokenOut: firstOut }: SwapFormProps) {
  const { trade: words } = useWords();
  const who = useStore(session);
  const [chosen, setChosen] = useState<Pair | null>(null);
  const tokens = chosen ?? { in: firstIn, out: firstOut };
  const [typed, setTyped] = useState('');
  const [terms, setTerms] = useState(USUAL_TERMS);
  const [isReviewed, setReviewed] = useState(false);
  const nameOf = useTokenNames([tokens.in, tokens.out].filter((one) => one !== null));
  const named = (address: string | null): TokenName | null => (address === null ? null : nameOf(address));
  const [paid, got] = [named(tokens.in), named(tokens.out)];
  const units = unitsOf(typed, paid);
  const balance = useBalance(tokens.in);
  const { quote, refused } = useQuote(tokens, units, terms.slippageBps);
  const problem = problemOf({ typed, units, balance }, words.problems) ?? refused;
  const isReady = quote !== null && problem === null && paid !== null && got !== null;
  const choosing = (side: keyof Pair) =>
    isFixed ? {} : { onToken: (address: string) => setChosen({ ...tokens, [side]: address }) };
  return (
    <form
      className="swap"
      onSubmit={(event) => {
        event.preventDefault();
        if (who === null) connectIsOpen.set(true);
        else if (isReady) setReviewed(true);
      }}
    >
      <AmountField
        {...{ label: words.youPay, token: paid, typed, onTyped: setTyped, balance }}
        {...choosing('in')}
      />
      <Turn onTurn={() => setChosen({ in: tokens.out, out: tokens.in })} />
      <AmountField
        {...{ label: words.youGet, token: got, typed: shownAmount(quote, got) }}
        {...choosing('out')}
      />
      <TermsFields terms={terms} onTerms={setTerms} />
      {problem === null ? null : (
        <p className="refused" role="alert">
          {problem}
        </p>
      )}
      {quote === null || paid === null || got === null ? null : (
        <QuoteLines {...{ quote, paid, got, slippageBps: terms.slippageBps }} />
      )}
      <button type="submit" className="main wide" disabled={who !== null && !isReady}>
        {who === null ? words.connectFirst : quote === null ? words.typeAmount : words.review}
      </button>
      {isReviewed && isReady ? (
        <SwapDialog {...{ quote, paid, got, terms }} onClose={() => setReviewed(false)} />
      ) : null}
    </form>
  );
}

interface Pair {
  readonly in: string | null;
  readonly out: string | null;
}

function Turn({ onTurn }: { readonly onTurn: () => void }) {
  const { trade: words } = useWords();
  return (
    <button type="button" className="turn" aria-label={words.turn} onClick={onTurn}>
      <Icon name="trade" size={18} />
    </button>
  );
}

const unitsOf = (typed: string, token: TokenName | null): string | null =>
  token === null || token.decimals === null ? null : baseUnitsOf(typed, token.decimals);

const shownAmount = (quote: Quote | null, token: TokenName | null): string =>
  quote === null || token === null || token.decimals === null
    ? ''
    : exactAmount(quote.amountOut, token.decimals);

function useQuote(
  tokens: { readonly in: string | null; readonly out: string | null },
  units: string | null,
  slippageBps: number,
): { readonly quote: Quote | null; readonly refused: string | null } {
  const asked = useDeferredValue(units);
  const isWanted = asked !== null && asked !== '0' && tokens.in !== null && tokens.out !== null;
  const { data, refused } = useAsked({
    document: QuoteDocument,
    variables: {
      ...{ tokenIn: tokens.in ?? '', tokenOut: tokens.out ?? '' },
      ...{ amountIn: asked ?? '1', slippageBps },
    },
    ...{ version: useNews(), isWanted },
  });
  if (!isWanted || asked !== units) return { quote: null, refused: null };
  return { quote: refused === null ? (data?.quote ?? null) : null, refused: refused?.message ?? null };
}

function problemOf(
  { balance, typed, units }: { typed: string; units: string | null; balance: string | null },
  words: { readonly noAmount: string; readonly tooLittle: string },
): string | null {
  if (typed.trim() === '') return null;
  if (units === null || units === '0') return words.noAmount;
  return balance !== null && BigInt(units) > BigInt(balance) ? words.tooLittle : null;
}
