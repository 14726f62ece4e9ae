import { useEffect, useState } from 'react';
import { useAsked } from '../api/asked.js';
import { CommandDocument } from '../api/operations.gen.js';
import { useStore } from '../browser/store.js';
import { useWords } from '../messages/language.js';
import { useNews } from '../news/pulse.js';
import { CopyId } from '../ui/Copy.js';
import { Finality } from '../ui/Finality.js';
import { Link } from '../ui/Link.js';
import { commandNews } from './command-news.js';
import { NOTHING_SEEN, type Progress, seen, STAGES, stagesDone, toneOf } from './progress.js';

/** A command from the moment that it is accepted until no reorg can take it back. */
export function useProgress(commandId: string): Progress {
  const told = useStore(commandNews);
  const { data } = useAsked({
    document: CommandDocument,
    variables: { id: commandId },
    version: `${useNews()}-${told.count}`,
  });
  const [progress, setProgress] = useState(NOTHING_SEEN);
  const newest = data?.command ?? null;
  useEffect(() => {
    if (newest !== null) setProgress((before) => seen(before, newest));
  }, [newest]);
  return progress;
}

export function OrderProgress({ progress }: { readonly progress: Progress }) {
  const { orders: words } = useWords();
  const { command, isRetracted } = progress;
  const status = command?.status ?? 'ACCEPTED';
  const done = stagesDone(status);
  return (
    <div className="order-progress" aria-live="polite">
      <ol>
        {STAGES.map((stage, index) => (
          <li
            key={stage}
            data-state={
              done === null ? 'off' : index < done - 1 ? 'done' : index === done - 1 ? 'now' : 'next'
            }
            aria-current={done !== null && index === done - 1 ? 'step' : undefined}
          >
            <strong>{words.stages[stage]}</strong>
            <small>{words.stagesAbout[stage]}</small>
          </li>
        ))}
      </ol>
      {done === null ? (
        <p className="refused" data-tone={toneOf(status)} role="alert">
          <strong>{words.statuses[status]}</strong>
          {command?.failure ? ` — ${command.failure.reason ?? command.failure.code}` : null}
        </p>
      ) : null}
      {isRetracted ? (
        <p className="refused" role="alert">
          {words.tookBackAbout}
        </p>
      ) : null}
      {command?.txHash ? (
        <p className="order-foot">
          <Finality finality={command.finality ?? null} />
          <Link to={`/tx/${command.txHash}`}>{words.transaction}</Link>
          <CopyId value={command.txHash} what={words.transaction} />
        </p>
      ) : null}
    </div>
  );
}
