import { useReducer, useRef, useState } from 'react';
import { useClient } from 'urql';
import { newActKey } from '../api/act-key.js';
import { useAsked } from '../api/asked.js';
import { toldOf } from '../api/errors.js';
import {
  CreateApiKeyDocument,
  EraseMyDataDocument,
  RevokeApiKeyDocument,
  RevokeSessionDocument,
  SettingsDocument,
  type SettingsQuery,
} from '../api/operations.gen.js';
import { endSession, session } from '../api/session.js';
import { useStore } from '../browser/store.js';
import { useWords } from '../messages/language.js';
import { Copy, CopyId } from '../ui/Copy.js';
import { Dialog } from '../ui/Dialog.js';
import { Field } from '../ui/Field.js';
import { notify } from '../ui/notices.js';
import { Ago, PageHead, Time } from '../ui/parts.js';
import { Skeleton } from '../ui/Skeleton.js';
import { ConnectFirst } from './ConnectFirst.js';
import { ProfileForm } from './ProfileForm.js';

/** What one says of oneself, where one is signed in, one's keys, and how all of it is erased. */
export default function ProfilePage() {
  const who = useStore(session);
  const { people: words } = useWords();
  if (who === null) return <ConnectFirst title={words.connectTitle} about={words.connectAbout} />;
  return <Settings address={who.address} />;
}

function Settings({ address }: { readonly address: string }) {
  const { people: words } = useWords();
  const [round, again] = useReducer((before: number) => before + 1, 0);
  const { data, refused } = useAsked({
    document: SettingsDocument,
    variables: {},
    version: String(round),
  });
  return (
    <>
      <PageHead title={words.profile} about={words.profileAbout}>
        <CopyId value={address} what={words.address} />
      </PageHead>
      {data === undefined ? (
        refused === null ? (
          <Skeleton label={words.profile} />
        ) : (
          <p className="refused">{refused.message}</p>
        )
      ) : (
        <div className="columns two">
          <ProfileForm profile={data.me.profile ?? null} onDone={again} />
          <Sessions sessions={data.sessions} onDone={again} />
          <ApiKeys keys={data.apiKeys} onDone={again} />
          <Erase address={address} />
        </div>
      )}
    </>
  );
}

interface Part {
  readonly onDone: () => void;
}

function Sessions({ onDone, sessions }: Part & { readonly sessions: SettingsQuery['sessions'] }) {
  const client = useClient();
  const { people: words } = useWords();
  const revoke = async (sessionId: string): Promise<void> => {
    const { error } = await client.mutation(RevokeSessionDocument, { sessionId }).toPromise();
    if (error === undefined) notify('good', words.sessionEnded);
    else notify('bad', toldOf(error).message);
    onDone();
  };
  return (
    <section className="panel padded">
      <h2>{words.sessions}</h2>
      <p className="quiet">{words.sessionsAbout}</p>
      <ul className="settings">
        {sessions.map((one) => (
          <li key={one.sessionId}>
            <div>
              <strong>{one.current ? words.thisSession : words.otherSession}</strong>
              <small>
                {words.since} <Time at={one.startedAt} /> · {words.lastSeen} <Ago at={one.refreshedAt} />
              </small>
            </div>
            {one.current ? null : (
              <button type="button" className="grave" onClick={() => void revoke(one.sessionId)}>
                {words.end}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function ApiKeys({ keys, onDone }: Part & { readonly keys: SettingsQuery['apiKeys'] }) {
  const client = useClient();
  const { people: words } = useWords();
  const [made, setMade] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const create = async (): Promise<void> => {
    setBusy(true);
    const { data, error } = await client
      .mutation(CreateApiKeyDocument, { input: { expiresInDays: 90, scopes: ['COMMANDS'] } })
      .toPromise();
    if (error !== undefined) notify('bad', toldOf(error).message);
    setMade(data?.createApiKey.key ?? null);
    setBusy(false);
    onDone();
  };
  const revoke = async (keyId: string): Promise<void> => {
    const { error } = await client.mutation(RevokeApiKeyDocument, { keyId }).toPromise();
    if (error !== undefined) notify('bad', toldOf(error).message);
    onDone();
  };
  return (
    <section className="panel padded">
      <div className="section-head">
        <h2>{words.keys}</h2>
        <button type="button" disabled={isBusy} onClick={() => void create()}>
          {words.newKey}
        </button>
      </div>
      <p className="quiet">{words.keysAbout}</p>
      {made === null ? null : (
        <p className="order-done" role="status">
          {words.keyOnce} <code className="key">{made}</code> <Copy value={made} what={words.key} />
        </p>
      )}
      <ul className="settings">
        {keys.map((one) => (
          <li key={one.keyId}>
            <div>
              <code>{one.start}…</code>
              <small>
                {one.scopes.join(', ')} · {words.until} <Time at={one.expiresAt} />
              </small>
            </div>
            <button type="button" className="grave" onClick={() => void revoke(one.keyId)}>
              {words.end}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Erase({ address }: { readonly address: string }) {
  const client = useClient();
  const { people: words, orders } = useWords();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const key = useRef(newActKey('web'));
  const [told, setTold] = useState<string | null>(null);
  const erase = async (): Promise<void> => {
    const { error } = await client
      .mutation(EraseMyDataDocument, { input: { confirmAddress: typed.trim(), idempotencyKey: key.current } })
      .toPromise();
    if (error === undefined) endSession(words.erased);
    else setTold(toldOf(error).message);
  };
  return (
    <section className="panel padded">
      <h2>{words.erase}</h2>
      <p className="quiet">{words.eraseAbout}</p>
      <button type="button" className="grave more" onClick={() => setOpen(true)}>
        {words.erase}
      </button>
      {isOpen ? (
        <Dialog title={words.erase} onClose={() => setOpen(false)}>
          <p className="dialog-about">{words.eraseSure}</p>
          <Field label={words.typeAddress} about={address} problem={told}>
            {(attributes) => (
              <input
                {...attributes}
                autoComplete="off"
                value={typed}
                onChange={({ target }) => setTyped(target.value)}
              />
            )}
          </Field>
          <footer>
            <button type="button" onClick={() => setOpen(false)}>
              {orders.cancel}
            </button>
            <button
              type="button"
              className="grave"
              disabled={typed.trim().toLowerCase() !== address.toLowerCase()}
              onClick={() => void erase()}
            >
              {words.eraseNow}
            </button>
          </footer>
        </Dialog>
      ) : null}
    </section>
  );
}
