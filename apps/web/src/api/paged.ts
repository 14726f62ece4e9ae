import { useCallback, useEffect, useRef, useState } from 'react';
import { type AnyVariables, type TypedDocumentNode, useClient } from 'urql';
import { ask } from './ask.js';
import { afterAWhile, type Asker, createAsker } from './asker.js';
import type { Told } from './errors.js';
import { createPages, type Page, type Pages } from './pages.js';

export interface Paged<Row> {
  readonly rows: readonly Row[];
  readonly isWaiting: boolean;
  readonly isWhole: boolean;
  readonly refused: Told | null;
  readonly more: () => void;
}

/**
 * The rows of a list, page after page. As many as were seen are asked for again when the version changes: by what it is made of
 * (`news.ts`).
 * @param asked `of`: what the list is of; where that changes it is begun anew, with what was seen kept until the first page is there
 */
export function usePaged<Row, Data, Variables extends AnyVariables>(asked: {
  readonly document: TypedDocumentNode<Data, Variables>;
  readonly variables: (after: string | null) => Variables;
  readonly pageOf: (data: Data) => Page<Row>;
  readonly of: string;
  readonly version: string;
}): Paged<Row> {
  const client = useClient();
  const { document, of, version } = asked;
  const latest = useRef(asked);
  latest.current = asked;
  const asking = useRef<{ readonly asker: Asker; readonly pages: Pages<Row> } | null>(null);
  const [state, setState] = useState<Kept<Row>>({
    ...{ of, rows: [], isWaiting: true, isWhole: false, refused: null },
  });
  useEffect(() => {
    const { pageOf, variables } = latest.current;
    const pages = createPages<Row>(async (after) => {
      const heard = await ask(client, document, variables(after));
      return heard.refused === null ? { refused: null, answer: pageOf(heard.answer) } : heard;
    });
    const asker = createAsker<Page<Row>>({
      ask: pages.ask,
      tell: (heard) =>
        setState((before) =>
          heard.refused === null
            ? { of, ...wholeOf(heard.answer), isWaiting: false, refused: null }
            : { ...before, of, isWaiting: false, refused: heard.refused },
        ),
      later: afterAWhile,
    });
    asking.current = { asker, pages };
    return () => asker.end();
  }, [client, document, of]);
  useEffect(() => {
    asking.current?.pages.renew();
    asking.current?.asker.again();
  }, [client, document, of, version]);
  const more = useCallback(() => {
    if (asking.current?.pages.extend() === true) asking.current.asker.again();
  }, []);
  return { ...state, isWaiting: state.isWaiting || state.of !== of, more };
}

interface Kept<Row> extends Omit<Paged<Row>, 'more'> {
  readonly of: string;
}

const wholeOf = <Row>({ next, rows }: Page<Row>) => ({ rows, isWhole: next === null });
