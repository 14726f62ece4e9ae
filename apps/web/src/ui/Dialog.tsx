import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useWords } from '../messages/language.js';
import { Icon } from './icons.js';

/** A dialog of the browser's own: focus stays in it, Escape closes it, and focus goes back where it came from. */
export function Dialog({
  title,
  children,
  isBusy = false,
  onClose,
}: {
  readonly title: string;
  readonly children: ReactNode;
  /** While something is done in it that a person has to see the end of, it stays. */
  readonly isBusy?: boolean;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const shown = dialog.current;
    if (shown !== null && !shown.open) shown.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      onClose={onClose}
      onCancel={(event) => {
        if (isBusy) event.preventDefault();
      }}
      onClick={(event) => {
        if (event.target === dialog.current && !isBusy) dialog.current.close();
      }}
    >
      <div className="dialog-body">
        <header>
          <h2 id={titleId}>{title}</h2>
          <button
            type="button"
            className="plain"
            aria-label={words.close}
            disabled={isBusy}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
