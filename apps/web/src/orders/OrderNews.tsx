import { useEffect, useReducer, useRef } from 'react';
import { useClient } from 'urql';
import { FollowCommandsDocument } from '../api/operations.gen.js';
import { useWords } from '../messages/language.js';
import { notify } from '../ui/notices.js';
import { NOTHING_SEEN, type Progress, seen, toneOf } from './progress.js';
import { commandNews } from './command-news.js';

const AGAIN_MS = 1_000;

/** Tells what becomes of one's orders wherever one is, and lets who shows one know. */
export function OrderNews() {
  const client = useClient();
  const { orders: words } = useWords();
  const latest = useRef(words);
  latest.current = words;
  const progress = useRef(new Map<string, Progress>());
  const [round, again] = useReducer((before: number) => before + 1, 0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const { unsubscribe } = client.subscription(FollowCommandsDocument, {}).subscribe(({ data, error }) => {
      if (error !== undefined) timer ??= setTimeout(again, AGAIN_MS);
      const command = data?.commands;
      if (command === undefined) return;
      const before = progress.current.get(command.commandId) ?? NOTHING_SEEN;
      const now = seen(before, command);
      progress.current.set(command.commandId, now);
      commandNews.set({ command, count: commandNews.get().count + 1 });
      const { kinds, statuses, tookBack } = latest.current;
      const name = kinds[command.kind as keyof typeof kinds] ?? command.kind;
      if (now.isRetracted && !before.isRetracted) notify('bad', `${name}: ${tookBack}`);
      else if (before.command?.status !== command.status && command.status !== 'ACCEPTED')
        notify(toneOf(command.status) === 'bad' ? 'bad' : 'good', `${name}: ${statuses[command.status]}`);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [client, round]);
  return null;
}
