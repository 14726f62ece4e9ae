import { useState } from 'react';
import { useClient } from 'urql';
import { ApproveOperationDocument, DeclineOperationDocument } from '../../api/operations.gen.js';
import { toldOfAct } from '../../api/errors.js';
import { session } from '../../api/session.js';
import { useStore } from '../../browser/store.js';
import { words } from '../../format/numbers.js';
import { ActDialog } from '../../ui/ActDialog.js';
import { notify } from '../../ui/notices.js';
import type { Operation } from './ActsOf.js';

type Decision = 'approve' | 'decline';

const TEXTS = {
  approve: { name: 'Approve', about: 'It is done at once, to what was meant when it was asked for.' },
  decline: { name: 'Decline', about: 'It is not done. Who still wants it asks anew.' },
} as const;

/** What waits for a second operator: whoever asked for it can only take it back. */
export function Approval({ act }: { readonly act: Operation }) {
  const [asked, setAsked] = useState<Decision | null>(null);
  const who = useStore(session);
  const isOwn = who !== null && who.address.toLowerCase() === act.requestedBy.toLowerCase();
  return (
    <>
      <p className="faint">
        {isOwn
          ? 'You asked for it: another operator has to approve it. Nothing is changed before.'
          : 'It takes a second operator. Nothing is changed before.'}
      </p>
      <footer className="detail-acts">
        {isOwn ? null : (
          <button type="button" className="main" onClick={() => setAsked('approve')}>
            Approve
          </button>
        )}
        <button type="button" className="grave" onClick={() => setAsked('decline')}>
          {isOwn ? 'Take back' : 'Decline'}
        </button>
      </footer>
      {asked === null ? null : <DecisionDialog decision={asked} act={act} onClose={() => setAsked(null)} />}
    </>
  );
}

function DecisionDialog(props: {
  readonly decision: Decision;
  readonly act: Operation;
  readonly onClose: () => void;
}) {
  const { act, decision, onClose } = props;
  const client = useClient();
  const { about, name } = TEXTS[decision];
  return (
    <ActDialog
      title={`${name}: ${words(act.kind)}`}
      intent={`${decision} ${act.id}`}
      about={
        <>
          <strong>
            {act.subject}
            {act.build === null ? '' : `, build ${act.build}`}.
          </strong>{' '}
          “{act.reason}” {about}
        </>
      }
      button={name}
      isGrave={decision === 'decline'}
      onClose={onClose}
      act={async (reason, idempotencyKey) => {
        const input = { operationId: act.id, reason, idempotencyKey };
        const { error } =
          decision === 'approve'
            ? await client.mutation(ApproveOperationDocument, { input }).toPromise()
            : await client.mutation(DeclineOperationDocument, { input }).toPromise();
        if (error !== undefined) return toldOfAct(error);
        notify('good', decision === 'approve' ? 'It is approved and done' : 'It is declined');
        return null;
      }}
    />
  );
}
