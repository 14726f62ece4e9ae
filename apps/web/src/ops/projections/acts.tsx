import { useState } from 'react';
import { type Client, useClient } from 'urql';
import { type Told, toldOfAct } from '../../api/errors.js';
import {
  DiscardProjectionDocument,
  PauseProjectionDocument,
  PromoteProjectionDocument,
  RebuildProjectionDocument,
  ResumeProjectionDocument,
  SwitchBackProjectionDocument,
} from '../../api/operations.gen.js';
import { ActDialog } from '../../ui/ActDialog.js';
import { tellDone } from '../acts/tell-done.js';
import type { ActName } from './builds.js';

const TEXTS: Readonly<
  Record<ActName, { readonly name: string; readonly done: string; readonly about: string }>
> = {
  rebuild: {
    name: 'Rebuild',
    done: 'The rebuild is begun',
    about:
      'Begins a build beside the live one, from the first event on. Readers see nothing of it until it is promoted.',
  },
  pause: {
    name: 'Pause',
    done: 'The build stands',
    about: 'Lets the build stand until it is resumed, through any restart.',
  },
  resume: { name: 'Resume', done: 'The build goes on', about: 'Lets the build go on from where it stands.' },
  promote: {
    name: 'Promote',
    done: 'The build is live',
    about:
      'Puts the build in the place of the live one, at once for all readers. The live one is kept for a switch back.',
  },
  switchBack: {
    name: 'Switch back',
    done: 'The switch back is begun',
    about:
      'Lets the build that was live before catch up with what it missed, and take the place of the live one again.',
  },
  discard: {
    name: 'Discard',
    done: 'The build is gone',
    about: 'Drops the build with its tables. A rebuild makes it anew.',
  },
};

export const actTitle = (act: ActName): string => TEXTS[act].name;

export interface AskedAct {
  readonly act: ActName;
  readonly projection: string;
  readonly build: number;
}

/** Asks why, and does it. */
export function BuildActDialog({
  asked,
  onClose,
}: {
  readonly asked: AskedAct;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const { act, build, projection } = asked;
  const { about, done, name } = TEXTS[act];
  const [promotesItself, setPromotesItself] = useState(false);
  return (
    <ActDialog
      title={`${name} ${projection}`}
      intent={act === 'rebuild' ? `rebuild ${projection} ${promotesItself}` : `${act} ${projection} ${build}`}
      about={
        <>
          {act === 'rebuild' ? null : <strong>Build {build}. </strong>}
          {about}
        </>
      }
      button={name}
      isGrave={act === 'discard'}
      onClose={onClose}
      act={async (reason, idempotencyKey) => {
        const { awaitsApproval, refused } = await send(client, asked, {
          reason,
          idempotencyKey,
          promotesItself,
        });
        if (refused === null) tellDone(awaitsApproval, `${projection}: ${done.toLowerCase()}`);
        return refused;
      }}
    >
      {act === 'rebuild' ? (
        <label className="check">
          <input
            type="checkbox"
            checked={promotesItself}
            onChange={(event) => setPromotesItself(event.target.checked)}
          />
          Promote it by itself once it is level
        </label>
      ) : null}
    </ActDialog>
  );
}

const DOCUMENTS = {
  pause: PauseProjectionDocument,
  resume: ResumeProjectionDocument,
  promote: PromoteProjectionDocument,
  switchBack: SwitchBackProjectionDocument,
  discard: DiscardProjectionDocument,
};

interface Sent {
  readonly refused: Told | null;
  readonly awaitsApproval: boolean;
}

async function send(
  client: Client,
  { act, build, projection }: AskedAct,
  given: { readonly reason: string; readonly idempotencyKey: string; readonly promotesItself: boolean },
): Promise<Sent> {
  const { promotesItself, ...input } = given;
  const { data, error } =
    act === 'rebuild'
      ? await client
          .mutation(RebuildProjectionDocument, { input: { ...input, projection, promotesItself } })
          .toPromise()
      : await client
          .mutation(DOCUMENTS[act] as typeof PauseProjectionDocument, {
            input: { ...input, projection, build },
          })
          .toPromise();
  const [receipt] = Object.values(data ?? {});
  const awaitsApproval = typeof receipt === 'object' && receipt.awaitsApproval;
  return { refused: error === undefined ? null : toldOfAct(error), awaitsApproval };
}
