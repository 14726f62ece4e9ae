import { parseSlippage, SLIPPAGE_BPS_MAX } from '@abland/domain';
import { useState } from 'react';
import { baseUnitsOf } from '../../format/amounts.js';
import { useNumbers, useWords } from '../../messages/language.js';
import { Field } from '../../ui/Field.js';
import type { Terms } from './terms.js';

const PRESETS = [10, 50, 100] as const;
const DEADLINES = [5, 20, 60] as const;

interface TermsProps {
  readonly terms: Terms;
  readonly onTerms: (terms: Terms) => void;
  /** What is typed is none: nothing may be ordered by it. */
  readonly onBad: (isBad: boolean) => void;
}

/** Slippage, deadline and who sends it. */
export function TermsFields({ onBad, onTerms, terms }: TermsProps) {
  const { trade: words } = useWords();
  return (
    <details className="terms">
      <summary>
        <span>{words.terms}</span>
        <span className="faint">
          {terms.slippageBps / 100} % · {terms.deadlineMinutes} min ·{' '}
          {terms.execution === 'RELAYED' ? words.relayedShort : words.walletShort}
        </span>
      </summary>
      <div className="terms-body">
        <SlippageFields terms={terms} onTerms={onTerms} onBad={onBad} />
        <div>
          <span className="label">{words.deadline}</span>
          <div className="choice" role="group" aria-label={words.deadline}>
            {DEADLINES.map((minutes) => (
              <button
                key={minutes}
                type="button"
                aria-pressed={minutes === terms.deadlineMinutes}
                onClick={() => onTerms({ ...terms, deadlineMinutes: minutes })}
              >
                {minutes} min
              </button>
            ))}
          </div>
        </div>
        <label className="check">
          <input
            type="checkbox"
            checked={terms.execution === 'RELAYED'}
            onChange={({ target: { checked } }) =>
              onTerms({ ...terms, execution: checked ? 'RELAYED' : 'WALLET' })
            }
          />
          {words.relayed}
        </label>
      </div>
    </details>
  );
}

function SlippageFields({ onBad, onTerms, terms }: TermsProps) {
  const { trade: words } = useWords();
  const [typed, setTyped] = useState('');
  const numbers = useNumbers();
  const own = typed.trim() === '' ? null : bpsOf(numbers.read(typed));
  const isBad = own !== null && !isSlippage(own);
  const type = (text: string): void => {
    setTyped(text);
    const bps = bpsOf(numbers.read(text));
    const isGood = text.trim() === '' || isSlippage(bps);
    onBad(!isGood);
    if (text.trim() !== '' && isGood) onTerms({ ...terms, slippageBps: bps });
  };
  return (
    <>
      <div>
        <span className="label">{words.slippage}</span>
        <div className="choice" role="group" aria-label={words.slippage}>
          {PRESETS.map((bps) => (
            <button
              key={bps}
              type="button"
              aria-pressed={bps === terms.slippageBps}
              onClick={() => {
                setTyped('');
                onBad(false);
                onTerms({ ...terms, slippageBps: bps });
              }}
            >
              {bps / 100} %
            </button>
          ))}
        </div>
      </div>
      <Field
        label={words.ownSlippage}
        about={words.slippageAbout}
        problem={isBad ? words.slippageBad(SLIPPAGE_BPS_MAX / 100) : null}
      >
        {(attributes) => (
          <input
            {...attributes}
            inputMode="decimal"
            value={typed}
            placeholder={String(terms.slippageBps / 100)}
            onChange={({ target }) => type(target.value)}
          />
        )}
      </Field>
    </>
  );
}

/** Percent as basis points, to two places and no finer; NaN for what is none. */
function bpsOf(percent: string | null): number {
  const units = percent === null ? null : baseUnitsOf(percent, 2);
  return units === null || units.length > 6 ? NaN : Number(units);
}

/** By the rule that the server goes by. */
function isSlippage(bps: number): boolean {
  try {
    parseSlippage(bps);
    return true;
  } catch {
    return false;
  }
}
