import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { actKeys } from '../api/act-keys.js';
import type { Told } from '../api/errors.js';
import { Icon } from './icons.js';

const REASON = { min: 3, max: 200 };

export interface ActDialogProps {
  readonly title: string;
  /** What is done to what, all but the reason: sent again where its answer was lost, it is the same act. */
  readonly intent: string;
  /** What the act does, before it is done. */
  readonly about: ReactNode;
  readonly button: string;
  readonly isGrave?: boolean;
  readonly children?: ReactNode;
  /** Null: it is done. */
  readonly act: (reason: string, idempotencyKey: string) => Promise<Told | null>;
  readonly onClose: () => void;
}

/** Asks for the reason of an act, does it, and shows what it was refused with. */
export function ActDialog(props: ActDialogProps) {
  const { about, act, button, children, intent, isGrave = false, onClose, title } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState(() => actKeys.reasonOf(intent) ?? '');
  const [refused, setRefused] = useState<Told | null>(null);
  const [busy, setBusy] = useState(false);
  const [titleId, reasonId] = [useId(), useId()];
  useEffect(() => dialog.current?.showModal(), []);
  const trimmed = reason.trim();
  const isGood = trimmed.length >= REASON.min && trimmed.length <= REASON.max;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!isGood || busy) return;
    setBusy(true);
    const told = await actKeys.send(intent, trimmed, (key) => act(trimmed, key));
    setBusy(false);
    if (told === null) dialog.current?.close();
    else setRefused(told);
  };

  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={titleId} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <header>
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="plain" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        <div className="dialog-about">{about}</div>
        {children}
        <label htmlFor={reasonId}>Why</label>
        <input
          id={reasonId}
          value={reason}
          maxLength={REASON.max}
          autoFocus
          autoComplete="off"
          placeholder="It stays in the log for good"
          onChange={(event) => setReason(event.target.value)}
        />
        {refused === null ? null : (
          <p className="refused" role="alert">
            {refused.code === null ? null : <code>{refused.code}</code>} {refused.message}
          </p>
        )}
        <footer>
          <button type="button" onClick={() => dialog.current?.close()}>
            Leave it
          </button>
          <button type="submit" className={isGrave ? 'grave' : 'main'} disabled={!isGood || busy}>
            {busy ? 'Asking…' : button}
          </button>
        </footer>
      </form>
    </dialog>
  );
}
