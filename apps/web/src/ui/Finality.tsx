import { useNumbers, useWords } from '../messages/language.js';

export interface ShownFinality {
  readonly status: 'CONFIRMED' | 'FINAL';
  readonly blockNumber: number;
  readonly confirmations: number;
}

/** How sure a row is: a full mark where no reorg can take it back, an open one where it still may. */
export function Finality({
  finality,
  isShort = false,
}: {
  readonly finality: ShownFinality | null;
  readonly isShort?: boolean;
}) {
  const { finality: words } = useWords();
  const numbers = useNumbers();
  const status = finality?.status ?? 'PENDING';
  const name = { FINAL: words.final, CONFIRMED: words.confirmed, PENDING: words.pending }[status];
  const about =
    finality === null
      ? words.pendingAbout
      : status === 'FINAL'
        ? words.finalAbout(numbers.exact(String(finality.blockNumber)))
        : words.confirmedAbout(numbers.exact(String(finality.blockNumber)), finality.confirmations);
  return (
    <span className="finality" data-status={status} title={`${name}: ${about}`}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        <circle
          cx="6"
          cy="6"
          r="4.5"
          fill={status === 'FINAL' ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeWidth="1.5"
          {...(status === 'PENDING' ? { strokeDasharray: '2 2' } : {})}
        />
        {status !== 'FINAL' ? null : (
          <path
            d="M3.8 6.1l1.6 1.6 2.9-3.2"
            className="finality-check"
            fill="none"
            strokeWidth="1.4"
            strokeLinecap="round"
          />
        )}
      </svg>
      <span className={isShort ? 'unseen' : undefined}>{name}</span>
    </span>
  );
}
