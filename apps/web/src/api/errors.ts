import type { CombinedError } from 'urql';

/** What went wrong, for people: the server's own sentence, and its code where it gave one. */
export interface Told {
  readonly code: string | null;
  readonly message: string;
}

export function toldOf(error: CombinedError): Told {
  const [first] = error.graphQLErrors;
  if (first === undefined)
    return { code: null, message: 'The server cannot be reached. Nothing was changed by this page.' };
  const { code } = first.extensions;
  return { code: typeof code === 'string' ? code : null, message: first.message };
}
