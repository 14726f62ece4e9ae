import { useRef, useState } from 'react';
import { useClient } from 'urql';
import { newActKey } from '../api/act-key.js';
import { toldOf } from '../api/errors.js';
import { type SettingsQuery, UpdateProfileDocument } from '../api/operations.gen.js';
import { useWords } from '../messages/language.js';
import { Field } from '../ui/Field.js';
import { notify } from '../ui/notices.js';

type Profile = NonNullable<SettingsQuery['me']['profile']>;
const FIELDS = ['displayName', 'bio', 'avatarUri', 'email'] as const;
type FieldName = (typeof FIELDS)[number];

/** What one says of oneself: sealed with a key of one's own, which an erasure destroys. */
export function ProfileForm({
  onDone,
  profile,
}: {
  readonly profile: Profile | null;
  readonly onDone: () => void;
}) {
  const client = useClient();
  const { people: words } = useWords();
  const [typed, setTyped] = useState<Readonly<Record<FieldName, string>>>({
    displayName: profile?.displayName ?? '',
    bio: profile?.bio ?? '',
    avatarUri: profile?.avatarUri ?? '',
    email: profile?.email ?? '',
  });
  /** What was sent and not answered is sent under the same key. */
  const key = useRef({ given: '', key: '' });
  const [told, setTold] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    const given = Object.fromEntries(FIELDS.map((name) => [name, typed[name].trim() || null]));
    const text = JSON.stringify(given);
    if (key.current.given !== text) key.current = { given: text, key: newActKey('web') };
    const { error } = await client
      .mutation(UpdateProfileDocument, { input: { ...given, idempotencyKey: key.current.key } })
      .toPromise();
    setTold(error === undefined ? null : toldOf(error).message);
    if (error !== undefined) return;
    notify('good', words.saved);
    onDone();
  };
  return (
    <form
      className="panel padded form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2>{words.about}</h2>
      {FIELDS.map((name) => (
        <Field key={name} label={words.fields[name]} about={words.fieldsAbout[name]} problem={null}>
          {(attributes) => (
            <input
              {...attributes}
              type={name === 'email' ? 'email' : 'text'}
              value={typed[name]}
              onChange={({ target }) => setTyped({ ...typed, [name]: target.value })}
            />
          )}
        </Field>
      ))}
      {told === null ? null : (
        <p className="refused" role="alert">
          {told}
        </p>
      )}
      <button type="submit" className="main">
        {words.save}
      </button>
    </form>
  );
}
