import type { CombinedError } from 'urql';

/** What went wrong, for people: the server's own sentence, and its code where it gave one. */
export interface Told {
  readonly code: string | null;
  readonly message: string;
}

const UNREACHED = 'The server cannot be reached';

/** Of a question. */
export const toldOf = (error: CombinedError): Told => told(error, `${UNREACHED}.`);

/** Of an act sent with a key: its answer may be lost where it is done. */
export const toldOfAct = (error: CombinedError): Told =>
  told(
    error,
    `${UNREACHED}: it is not known whether this was done. Send it again for the same reason: it is done once.`,
  );

function told({ graphQLErrors: [first] }: CombinedError, unanswered: string): Told {
  if (first === undefined) return { code: null, message: unanswered };
  const { code } = first.extensions;
  return { code: typeof code === 'string' ? code : null, message: first.message };
}
