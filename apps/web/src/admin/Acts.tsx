import { useState } from 'react';
import { type Client, useClient } from 'urql';
import { type Told, toldOf, toldOfAct } from '../api/errors.js';
import {
  EndKeysOfDocument,
  EraseUserDocument,
  GrantRoleDocument,
  type GrantRoleMutationVariables,
  RevokeRoleDocument,
} from '../api/operations.gen.js';
import { useWords } from '../messages/language.js';
import { ActDialog } from '../ui/ActDialog.js';
import { notify } from '../ui/notices.js';

type Role = GrantRoleMutationVariables['input']['role'];
const ROLES = ['CREATOR', 'AUDITOR', 'OPERATOR', 'ADMIN'] as const satisfies readonly Role[];
type Name = 'grant' | 'revoke' | 'keys' | 'erase';

export interface ActsProps {
  readonly address: string;
  readonly may: { readonly grant: boolean; readonly operate: boolean };
  readonly onDone: () => void;
}

/** What an admin does to a person, each with its reason. */
export function Acts({ address, may, onDone }: ActsProps) {
  const client = useClient();
  const { admin: words } = useWords();
  const [role, setRole] = useState<Role>('CREATOR');
  const [act, setAct] = useState<Name | null>(null);
  const titles: Record<Name, string> = {
    grant: words.grantTitle(role, address),
    revoke: words.revokeTitle(role, address),
    keys: `${words.endKeys}: ${address}`,
    erase: `${words.erase}: ${address}`,
  };
  const close = (): void => setAct(null);
  const done = async (reason: string, key: string): Promise<Told | null> => {
    const told = await DO[act ?? 'grant'](client, { address, reason, role, key });
    if (told !== null) return told;
    notify('good', words.done);
    onDone();
    return null;
  };
  return (
    <>
      {may.grant ? (
        <div className="admin-acts">
          <label>
            {words.role}{' '}
            <select value={role} onChange={({ target }) => setRole(target.value as Role)}>
              {ROLES.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
          <button type="button" onClick={() => setAct('grant')}>
            {words.grant}
          </button>
          <button type="button" onClick={() => setAct('revoke')}>
            {words.revoke}
          </button>
        </div>
      ) : null}
      {may.operate ? (
        <div className="admin-acts">
          <button type="button" onClick={() => setAct('keys')}>
            {words.endKeys}
          </button>
          <button type="button" className="grave" onClick={() => setAct('erase')}>
            {words.erase}
          </button>
        </div>
      ) : null}
      {act === null ? null : (
        <ActDialog
          title={titles[act]}
          intent={`${act} ${role} ${address}`}
          about={act === 'erase' ? words.eraseAbout : words.aboutAct}
          button={act === 'grant' ? words.grant : act === 'revoke' ? words.revoke : titles[act]}
          isGrave={act !== 'grant'}
          act={done}
          onClose={close}
        />
      )}
    </>
  );
}

interface Act {
  readonly address: string;
  readonly reason: string;
  readonly role: Role;
  readonly key: string;
}

type Outcome = { readonly error?: Parameters<typeof toldOfAct>[0] };
/** Of what has no key: sent again it is done again. */
const toldBy = ({ error }: Outcome): Told | null => (error === undefined ? null : toldOf(error));
const toldByKey = ({ error }: Outcome): Told | null => (error === undefined ? null : toldOfAct(error));

const DO: Record<Name, (client: Client, act: Act) => Promise<Told | null>> = {
  grant: async (client, { address, reason, role }) =>
    toldBy(await client.mutation(GrantRoleDocument, { input: { address, reason, role } }).toPromise()),
  revoke: async (client, { address, reason, role }) =>
    toldBy(await client.mutation(RevokeRoleDocument, { input: { address, reason, role } }).toPromise()),
  keys: async (client, { address, reason }) =>
    toldBy(await client.mutation(EndKeysOfDocument, { input: { address, reason } }).toPromise()),
  erase: async (client, { address, key, reason }) =>
    toldByKey(
      await client
        .mutation(EraseUserDocument, { input: { address, reason, idempotencyKey: key } })
        .toPromise(),
    ),
};
