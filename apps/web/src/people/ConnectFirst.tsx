import { useWords } from '../messages/language.js';
import { connectIsOpen } from '../session/connect.js';

/** In the place of what is of who is signed in. */
export function ConnectFirst({ title, about }: { readonly title: string; readonly about: string }) {
  const { account } = useWords();
  return (
    <div className="empty">
      <h1 className="empty-title">{title}</h1>
      <p>{about}</p>
      <button type="button" className="main more" onClick={() => connectIsOpen.set(true)}>
        {account.connectTitle}
      </button>
    </div>
  );
}
