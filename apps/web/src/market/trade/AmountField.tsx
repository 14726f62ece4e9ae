import { useId, useState } from 'react';
import { exactAmount } from '../../format/amounts.js';
import { useNumbers, useWords } from '../../messages/language.js';
import { TokenLabel } from '../../shown/TokenLabel.js';
import type { TokenName } from '../../shown/token-names.js';
import { Icon } from '../../ui/icons.js';
import { TokenChoice } from './TokenChoice.js';

export interface AmountFieldProps {
  readonly label: string;
  readonly token: TokenName | null;
  readonly typed: string;
  /** Absent: it is told, not typed. */
  readonly onTyped?: (text: string) => void;
  /** Absent: the token is given. */
  readonly onToken?: (address: string) => void;
  /** What one has of it, in base units; null: that is not known. */
  readonly balance?: string | null;
}

export function AmountField({ balance = null, label, onToken, onTyped, token, typed }: AmountFieldProps) {
  const id = useId();
  const { trade: words } = useWords();
  const numbers = useNumbers();
  const [isChoosing, setChoosing] = useState(false);
  const decimals = token?.decimals ?? null;
  const shown =
    token === null ? (
      <span className="faint">{words.chooseToken}</span>
    ) : (
      <TokenLabel token={token} size={24} isForeign={token.isForeign} />
    );
  return (
    <div className="amount-field">
      <div className="amount-head">
        <label htmlFor={id}>{label}</label>
        {balance === null || decimals === null || onTyped === undefined ? null : (
          <button
            type="button"
            className="link-button"
            onClick={() => onTyped(numbers.write(exactAmount(balance, decimals)))}
            title={numbers.exact(exactAmount(balance, decimals))}
          >
            {words.have(numbers.compact(exactAmount(balance, decimals)))}
          </button>
        )}
      </div>
      <div className="amount-line">
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          placeholder="0"
          readOnly={onTyped === undefined}
          value={typed}
          onChange={(event) => onTyped?.(event.target.value)}
        />
        {onToken === undefined ? (
          <span className="token-fixed">{shown}</span>
        ) : (
          <button type="button" className="token-choose" onClick={() => setChoosing(true)}>
            {shown}
            <Icon name="down" size={14} />
          </button>
        )}
      </div>
      {isChoosing ? (
        <TokenChoice
          onClose={() => setChoosing(false)}
          onChoose={(address) => {
            setChoosing(false);
            onToken?.(address);
          }}
        />
      ) : null}
    </div>
  );
}
