import { useEffect, useRef, useState } from 'react';
import { type AnyVariables, type TypedDocumentNode, useClient } from 'urql';
import { ask } from './ask.js';
import { afterAWhile, type Asker, createAsker } from './asker.js';
import type { Told } from './errors.js';

export interface Asked<Data> {
  /** The newest answer to what is asked; undefined before the first. */
  readonly data: Data | undefined;
  /** Why there was no newer one, which is asked for again. */
  readonly refused: Told | null;
}

interface Kept<Data> extends Asked<Data> {
  readonly of: string;
}

/**
 * What the server answers, asked for again whenever the version changes: by what it is made of (`news.ts`).
 * @param asked `isWanted`: absent: it is
 */
export function useAsked<Data, Variables extends AnyVariables>(asked: {
  readonly document: TypedDocumentNode<Data, Variables>;
  readonly variables: Variables;
  readonly version: string;
  readonly isWanted?: boolean;
}): Asked<Data> {
  const client = useClient();
  const { document, isWanted = true, variables, version } = asked;
  const of = JSON.stringify(variables);
  const latest = useRef(variables);
  latest.current = variables;
  const asker = useRef<Asker | null>(null);
  const [kept, setKept] = useState<Kept<Data>>({ of, data: undefined, refused: null });
  useEffect(() => {
    if (!isWanted) return undefined;
    const mine = createAsker<Data>({
      ask: () => ask(client, document, latest.current),
      tell: (heard) =>
        setKept((before) =>
          heard.refused === null
            ? { of, data: heard.answer, refused: null }
            : { of, data: before.of === of ? before.data : undefined, refused: heard.refused },
        ),
      later: afterAWhile,
    });
    asker.current = mine;
    return () => mine.end();
  }, [client, document, isWanted, of]);
  useEffect(() => {
    if (isWanted) asker.current?.again();
  }, [client, document, isWanted, of, version]);
  return kept.of === of ? kept : { data: undefined, refused: null };
}
