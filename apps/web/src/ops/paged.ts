import { useCallback, useEffect, useRef, useState } from 'react';
import { type AnyVariables, type TypedDocumentNode, useClient } from 'urql';
import { type Told, toldOf } from '../api/errors.js';

interface Page<Row> {
  readonly rows: readonly Row[];
  /** Null: there is no more. */
  readonly next: string | null;
}

export interface Paged<Row> {
  readonly rows: readonly Row[];
  readonly isWaiting: boolean;
  readonly isWhole: boolean;
  readonly refused: Told | null;
  readonly more: () => void;
}

const NOTHING: Paged<never> = {
  rows: [],
  isWaiting: true,
  isWhole: false,
  refused: null,
  more: () => undefined,
};

/**
 * The rows of a list, page after page. Begun anew when `version` changes, with what was seen kept until the first page is there.
 * @param pageOf as many as were seen are asked for again
 */
export function usePaged<Row, Data, Variables extends AnyVariables>(asked: {
  readonly document: TypedDocumentNode<Data, Variables>;
  readonly variables: (after: string | null) => Variables;
  readonly pageOf: (data: Data) => Page<Row>;
  readonly version: string;
}): Paged<Row> {
  const client = useClient();
  const { document, version } = asked;
  const latest = useRef(asked);
  latest.current = asked;
  const [state, setState] = useState<Paged<Row> & { readonly next: string | null }>({
    ...NOTHING,
    next: null,
  });
  const round = useRef(0);

  const load = useCallback(
    async (after: string | null): Promise<void> => {
      const mine = (round.current += 1);
      const { data, error } = await client.query(document, latest.current.variables(after)).toPromise();
      if (mine !== round.current) return;
      if (error !== undefined || data === undefined) {
        const refused =
          error === undefined ? { code: null, message: 'The server did not answer' } : toldOf(error);
        setState((before) => ({ ...before, isWaiting: false, refused }));
        return;
      }
      const { next, rows } = latest.current.pageOf(data);
      setState((before) => ({
        ...{ rows: after === null ? rows : [...before.rows, ...rows], next, isWaiting: false, refused: null },
        ...{ isWhole: next === null, more: before.more },
      }));
    },
    [client, document],
  );
  useEffect(() => void load(null), [load, version]);
  const { next } = state;
  const more = useCallback(() => {
    if (next !== null) void load(next);
  }, [load, next]);
  return { ...state, more };
}
