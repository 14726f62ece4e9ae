import { GiveSwapDocument, type QuoteQuery } from '../../api/operations.gen.js';
import { useNumbers, useWords } from '../../messages/language.js';
import { exactAmount } from '../../format/amounts.js';
import { pulse, serverNow } from '../../news/pulse.js';
import { askBy, OrderDialog } from '../../orders/OrderDialog.js';
import type { TokenName } from '../../shown/token-names.js';
import { QuoteLines } from './QuoteLines.js';
import { deadlineOf, type Terms } from './terms.js';

export interface SwapDialogProps {
  readonly quote: QuoteQuery['quote'];
  readonly paid: TokenName;
  readonly got: TokenName;
  readonly terms: Terms;
  readonly onClose: () => void;
}

/** A swap from what it is held to, exact, to where nothing takes it back. */
export function SwapDialog({ got, onClose, paid, quote, terms }: SwapDialogProps) {
  const { trade: words } = useWords();
  const numbers = useNumbers();
  const { amountIn, amountOutMin } = quote;
  const exact = (baseUnits: string, { decimals, symbol }: TokenName): string =>
    `${numbers.exact(exactAmount(baseUnits, decimals ?? 0))} ${symbol ?? ''}`;
  return (
    <OrderDialog
      title={words.reviewTitle(paid.symbol ?? '', got.symbol ?? '')}
      button={words.confirm}
      ask={askBy(GiveSwapDocument, (idempotencyKey) => ({
        input: {
          ...{ idempotencyKey, amountIn, amountOutMin, execution: terms.execution },
          ...{ tokenIn: paid.address, tokenOut: got.address },
          deadline: deadlineOf(terms, serverNow(pulse.get().meta)),
        },
      }))}
      onClose={onClose}
      done={({ command }) =>
        command?.outcome?.amountOut ? (
          <p className="order-done">{words.received(exact(command.outcome.amountOut, got))}</p>
        ) : null
      }
    >
      <div className="review">
        <p>
          <span>{words.youPay}</span>
          <strong>{exact(amountIn, paid)}</strong>
          <code className="faint">{paid.address}</code>
        </p>
        <p>
          <span>{words.youGet}</span>
          <strong>{exact(quote.amountOut, got)}</strong>
          <code className="faint">{got.address}</code>
        </p>
      </div>
      <QuoteLines quote={quote} paid={paid} got={got} slippageBps={terms.slippageBps} />
    </OrderDialog>
  );
}
