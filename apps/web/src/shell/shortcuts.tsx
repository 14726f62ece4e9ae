import { useEffect, useRef } from 'react';
import { createStore, useStore } from '../browser/store.js';
import { navigate } from '../browser/router.js';
import type { PageName } from './page-names.js';

export const helpIsOpen = createStore(false);
const AWAITED_MS = 1_200;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** `g` and a page's letter goes there, `?` shows all keys, `/` goes into the page's search. */
export function useShortcuts(pages: readonly PageName[]): void {
  const wentAt = useRef(-Infinity);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const page = pages.find(({ key }) => key === event.key);
      if (page !== undefined && event.timeStamp - wentAt.current < AWAITED_MS) navigate(page.path);
      else if (event.key === '?') helpIsOpen.set(!helpIsOpen.get());
      else if (event.key === '/') {
        const search = document.querySelector<HTMLElement>('[data-search]');
        search?.focus();
        if (search !== null) event.preventDefault();
      }
      wentAt.current = event.key === 'g' ? event.timeStamp : -Infinity;
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [pages]);
}

export function ShortcutsHelp({ pages }: { readonly pages: readonly PageName[] }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = useStore(helpIsOpen);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="dialog" aria-label="Keys" onClose={() => helpIsOpen.set(false)}>
      <h2>Keys</h2>
      <dl className="keys">
        {pages.map(({ key, name }) => (
          <div key={key}>
            <dt>
              <kbd>g</kbd> <kbd>{key}</kbd>
            </dt>
            <dd>{name}</dd>
          </div>
        ))}
        {[
          ['↑ ↓ j k', 'Through a list'],
          ['/', 'Into the search'],
          ['Esc', 'Close'],
          ['?', 'These keys'],
        ].map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <footer>
          <button type="submit" className="main">
            Close
          </button>
        </footer>
      </form>
    </dialog>
  );
}
