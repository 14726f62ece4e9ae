import { useState } from 'react';
import { useWords } from '../messages/language.js';
import { shortId } from '../format/numbers.js';
import { Icon } from './icons.js';

const SAID_MS = 1_600;

export function Copy({ value, what }: { readonly value: string; readonly what: string }) {
  const words = useWords();
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value).catch(() => undefined);
    setDone(true);
    setTimeout(() => setDone(false), SAID_MS);
  };
  return (
    <button
      type="button"
      className="plain copy"
      aria-label={`${words.copy} ${what}`}
      title={done ? words.copied : `${words.copy} ${what}`}
      onClick={() => void copy()}
    >
      <Icon name={done ? 'check' : 'copy'} size={14} />
      <span className="unseen" role="status">
        {done ? words.copied : ''}
      </span>
    </button>
  );
}

/** A hash or an address, shortened, with the whole of it to copy. */
export function CopyId({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <span className="copy-id">
      <code title={value}>{shortId(value, 6, 4)}</code>
      <Copy value={value} what={what} />
    </span>
  );
}
