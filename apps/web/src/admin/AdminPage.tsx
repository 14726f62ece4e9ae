import { useReducer, useState } from 'react';
import { useAsked } from '../api/asked.js';
import { AccountDocument, ViewerDocument } from '../api/operations.gen.js';
import { session } from '../api/session.js';
import { useStore } from '../browser/store.js';
import { useWords } from '../messages/language.js';
import { connectIsOpen } from '../session/connect.js';
import { Field } from '../ui/Field.js';
import { Empty, PageHead, Time } from '../ui/parts.js';
import { Acts } from './Acts.js';

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** Who may what, and what is ended of whom. */
export default function AdminPage() {
  const who = useStore(session);
  const { admin: words, account } = useWords();
  const { data } = useAsked({
    document: ViewerDocument,
    variables: {},
    version: '',
    isWanted: who !== null,
  });
  const permissions = data?.viewer.permissions ?? [];
  const may = { grant: permissions.includes('GRANT_ROLES'), operate: permissions.includes('OPERATE') };
  if (who === null)
    return (
      <Empty title={words.onlyAdmins}>
        {words.onlyAdminsAbout}{' '}
        <button type="button" className="main" onClick={() => connectIsOpen.set(true)}>
          {account.connectTitle}
        </button>
      </Empty>
    );
  if (data !== undefined && !may.grant && !may.operate)
    return <Empty title={words.onlyAdmins}>{words.onlyAdminsAbout}</Empty>;
  return (
    <>
      <PageHead title={words.title} about={words.about} />
      <Person may={may} />
    </>
  );
}

function Person({ may }: { readonly may: { readonly grant: boolean; readonly operate: boolean } }) {
  const { admin: words, people } = useWords();
  const [typed, setTyped] = useState('');
  const [round, again] = useReducer((before: number) => before + 1, 0);
  const isAddress = ADDRESS.test(typed);
  const { data, refused } = useAsked({
    document: AccountDocument,
    variables: { address: typed },
    ...{ version: String(round), isWanted: isAddress },
  });
  const person = data?.user ?? null;
  return (
    <section className="panel padded form narrow">
      <Field label={words.person} problem={refused?.message ?? null}>
        {(attributes) => (
          <input
            {...attributes}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={({ target }) => setTyped(target.value.trim())}
          />
        )}
      </Field>
      {isAddress && data !== undefined && person === null ? <p className="quiet">{words.unknown}</p> : null}
      {person === null || !isAddress ? null : (
        <>
          <dl className="lines">
            <div>
              <dt>{words.has}</dt>
              <dd>{(person.roles ?? []).join(', ') || words.none}</dd>
            </div>
            {person.registeredAt ? (
              <div>
                <dt>{people.since}</dt>
                <dd>
                  <Time at={person.registeredAt} />
                </dd>
              </div>
            ) : null}
          </dl>
          <Acts address={person.address} may={may} onDone={again} />
        </>
      )}
    </section>
  );
}
