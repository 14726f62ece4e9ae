import { createStore, useStore } from '../browser/store.js';
import { Icon } from './icons.js';

interface Notice {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

const SHOWN_MS = 6_000;
const notices = createStore<readonly Notice[]>([]);
let last = 0;

export function notify(tone: Notice['tone'], text: string): void {
  const id = (last += 1);
  notices.set([...notices.get().slice(-3), { id, tone, text }]);
  setTimeout(() => notices.set(notices.get().filter((one) => one.id !== id)), SHOWN_MS);
}

export function Notices() {
  return (
    <div className="notices" role="status" aria-live="polite">
      {useStore(notices).map(({ id, text, tone }) => (
        <div key={id} className="notice" data-tone={tone}>
          <Icon name={tone === 'good' ? 'check' : 'parked'} size={16} />
          {text}
        </div>
      ))}
    </div>
  );
}
