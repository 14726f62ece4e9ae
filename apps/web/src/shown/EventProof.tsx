import { useState } from 'react';
import { useClient } from 'urql';
import { ask } from '../api/ask.js';
import { ProofDocument } from '../api/operations.gen.js';
import { keptHere } from '../browser/kept.js';
import { useWords } from '../messages/language.js';
import { Icon } from '../ui/icons.js';

type State =
  | { readonly at: 'unasked' | 'asking' | 'none' }
  | { readonly at: 'told'; readonly holds: boolean; readonly size: string };

/** Asks for the proof that an event is in the signed log, and reckons in the browser whether it is. */
export function EventProof({ eventId, type }: { readonly eventId: string; readonly type?: string }) {
  const client = useClient();
  const { explain: words } = useWords();
  const [state, setState] = useState<State>({ at: 'unasked' });
  const verify = async (): Promise<void> => {
    setState({ at: 'asking' });
    const heard = await ask(client, ProofDocument, { eventId });
    const proof = heard.refused === null ? (heard.answer.proof ?? null) : null;
    if (proof === null || heard.refused !== null) return setState({ at: 'none' });
    const verifierKeys = heard.answer.checkpoint?.verifierKeys ?? [];
    const { verifyInclusion } = await import('./inclusion.js');
    setState({ at: 'told', ...verifyInclusion(proof, { eventId, type, verifierKeys, kept: keptHere }) });
  };
  if (state.at === 'told')
    return (
      <span className="flag" data-tone={state.holds ? 'good' : 'bad'} role="status">
        {state.holds ? words.proved(state.size) : words.notProved}
      </span>
    );
  if (state.at === 'none')
    return (
      <span className="quiet" role="status">
        {words.noProof}
      </span>
    );
  return (
    <button
      type="button"
      className="link-button"
      disabled={state.at === 'asking'}
      onClick={() => void verify()}
    >
      <Icon name="shield" size={13} /> {words.prove}
    </button>
  );
}
