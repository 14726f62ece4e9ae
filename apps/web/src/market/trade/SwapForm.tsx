import { useDeferredValue, useState } from 'react';
import { useAsked } from '../../api/asked.js';
import { QuoteDocument, type QuoteQuery } from '../../api/operations.gen.js';
import { session } from '../../api/session.js';
import { useStore } from '../../browser/store.js';
import { baseUnitsOf, exactAmount } from '../../format/amounts.js';
import { useNumbers, useWords } from '../../messages/language.js';
import { useNews } from '../../news/pulse.js';
import { connectIsOpen } from '../../session/connect.js';
import { useBalance } from '../../shown/balances.js';
import { type TokenName, useTokenNames } from '../../shown/token-names.js';
import { Icon } from '../../ui/icons.js';
import { AmountField } from './AmountField.js';
import { QuoteLines } from './QuoteLines.js';
import { SwapDialog, type SwapDialogProps } from './SwapDialog.js';
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
  const [isTermsBad, setTermsBad] = useState(false);
  /** As it was reviewed: what is quoted meanwhile changes nothing of it. */
  const [reviewed, setReviewed] = useState<Omit<SwapDialogProps, 'onClose'> | null>(null);
  const nameOf = useTokenNames([tokens.in, tokens.out].filter((one) => one !== null));
  const named = (address: string | null): TokenName | null => (address === null ? null : nameOf(address));
  const [paid, got] = [named(tokens.in), named(tokens.out)];
  const numbers = useNumbers();
  const units = unitsOf(numbers.read(typed), paid);
  const balance = useBalance(tokens.in, paid?.isForeign);
  const { quote, refused } = useQuote(tokens, units, terms.slippageBps);
  const isKnown = isLearnt(paid) && isLearnt(got);
  const problem =
    problemOf({ typed, units, balance }, words.problems) ??
    refused ??
    (isKnown || typed.trim() === '' ? null : words.problems.noDecimals);
  const isReady =
    quote !== null && problem === null && paid !== null && got !== null && isKnown && !isTermsBad;
  const choosing = (side: keyof Pair) =>
    isFixed ? {} : { onToken: (address: string) => setChosen({ ...tokens, [side]: address }) };
  return (
    <form
      className="swap"
      onSubmit={(event) => {
        event.preventDefault();
        if (who === null) connectIsOpen.set(true);
        else if (isReady) setReviewed({ quote, paid, got, terms });
      }}
    >
      <AmountField
        {...{ label: words.youPay, token: paid, typed, onTyped: setTyped, balance }}
        {...choosing('in')}
      />
      <Turn onTurn={() => setChosen({ in: tokens.out, out: tokens.in })} />
      <AmountField
        {...{ label: words.youGet, token: got, typed: numbers.write(shownAmount(quote, got)) }}
        {...choosing('out')}
      />
      <TermsFields terms={terms} onTerms={setTerms} onBad={setTermsBad} />
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
      {reviewed === null ? null : <SwapDialog {...reviewed} onClose={() => setReviewed(null)} />}
    </form>
  );
}

/** Whether it is known how its amounts are written; one that is not chosen says nothing against it. */
const isLearnt = (token: TokenName | null): boolean => token === null || token.decimals !== null;

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

/** @param typed decimal text; null: it is none */
const unitsOf = (typed: string | null, token: TokenName | null): string | null =>
  typed === null || token === null || token.decimals === null ? null : baseUnitsOf(typed, token.decimals);

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
