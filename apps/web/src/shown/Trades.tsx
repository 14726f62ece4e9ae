import type { SwapFieldsFragment } from '../api/operations.gen.js';
import { useWords } from '../messages/language.js';
import { Amount } from '../ui/Amount.js';
import { Finality } from '../ui/Finality.js';
import { Link } from '../ui/Link.js';
import { Ago } from '../ui/parts.js';
import { shortId } from '../format/numbers.js';
import { type Column, RowTable } from '../ui/RowTable.js';
import { useTokenNames } from './token-names.js';

type Swap = SwapFieldsFragment;

/** Trades, the newest first; of one token, or of all. */
export function Trades({
  label,
  of,
  onEnd,
  swaps,
}: {
  readonly label: string;
  readonly swaps: readonly Swap[];
  /** The token whose buys and sells these are; absent: what was paid and got is shown. */
  readonly of?: string;
  readonly onEnd?: () => void;
}) {
  const { trades: words } = useWords();
  const nameOf = useTokenNames(swaps.flatMap(({ tokenIn, tokenOut }) => [tokenIn, tokenOut]));
  const isBuy = ({ tokenOut }: Swap): boolean => tokenOut === of;
  const amount = (baseUnits: string, address: string) => {
    const { decimals, symbol } = nameOf(address);
    return <Amount {...{ baseUnits, decimals }} {...(symbol === null ? {} : { symbol })} />;
  };
  const columns: Column<Swap>[] = [
    { name: 'time', label: words.time, cell: ({ time }) => <Ago at={time} /> },
    ...(of === undefined
      ? []
      : [
          {
            ...{ name: 'side', label: words.side },
            cell: (swap: Swap) => (
              <span className="change" data-way={isBuy(swap) ? 'up' : 'down'}>
                {isBuy(swap) ? words.buy : words.sell}
              </span>
            ),
          },
        ]),
    {
      ...{ name: 'paid', label: words.paid, isNumber: true },
      cell: ({ amountIn, tokenIn }) => amount(amountIn, tokenIn),
    },
    {
      ...{ name: 'got', label: words.got, isNumber: true },
      cell: ({ amountOut, tokenOut }) => amount(amountOut, tokenOut),
    },
    {
      ...{ name: 'trader', label: words.trader },
      cell: ({ user }) => (
        <Link to={`/address/${user}`} title={user}>
          <code>{shortId(user, 6, 4)}</code>
        </Link>
      ),
    },
    {
      ...{ name: 'tx', label: words.transaction },
      cell: ({ txHash }) => (
        <Link to={`/tx/${txHash}`} title={txHash}>
          <code>{shortId(txHash, 6, 4)}</code>
        </Link>
      ),
    },
    {
      ...{ name: 'finality', label: <span className="unseen">{words.finality}</span> },
      cell: ({ finality }) => <Finality finality={finality} isShort />,
    },
  ];
  return (
    <RowTable
      {...{ label, columns, rows: swaps, rowHeight: 38 }}
      layout={of === undefined ? 'trade-rows' : 'trade-rows of-token'}
      keyOf={({ id }) => id}
      {...(onEnd === undefined ? {} : { onEnd })}
    />
  );
}
