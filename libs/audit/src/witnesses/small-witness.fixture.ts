import {
  checkConsistency,
  formatSignature,
  parseCheckpoint,
  parseNote,
  ProofError,
  type SignedNote,
  type TreeHead,
  type VerifierKey,
  verifyNote,
} from '@abland/audit-verify';
import type { NoteSigner } from '../signing/log-signer.js';
import { SERVER_HASHER } from '../tree/server-hasher.js';
import { type AddCheckpoint, parseAddCheckpoint } from './add-checkpoint.js';

/** What a witness answers, by the statuses of C2SP tlog-witness; with the tree that it has seen from then on, where it cosigns. */
export type Verdict =
  | { readonly status: 200; readonly tree: TreeHead; readonly text: string }
  | { readonly status: 409; readonly knownSize: number }
  | { readonly status: 400 | 403 | 404 | 422 };

/**
 * What is to be said of a request.
 * @param logKeys of the logs that it watches
 * @param knownOf the tree that it cosigned last, by origin; null where it did none
 */
export function judge(
  body: string,
  logKeys: readonly VerifierKey[],
  knownOf: (origin: string) => TreeHead | null,
): Verdict {
  const asked = asRequest(body);
  if (asked === null) return { status: 400 };
  const { note, oldSize, proof, tree } = asked;
  const keys = logKeys.filter(({ name }) => name === tree.origin);
  if (keys.length === 0) return { status: 404 };
  if (!isSigned(note, keys)) return { status: 403 };
  if (oldSize > tree.size) return { status: 400 };
  const known = knownOf(tree.origin) ?? { size: 0, root: SERVER_HASHER.empty };
  if (known.size !== oldSize) return { status: 409, knownSize: known.size };
  return isProved(() => checkConsistency(known, tree, proof, SERVER_HASHER))
    ? { status: 200, tree, text: note.text }
    : { status: 422 };
}

interface Asked extends AddCheckpoint {
  readonly note: SignedNote;
  readonly tree: TreeHead & { readonly origin: string };
}

function asRequest(body: string): Asked | null {
  try {
    const asked = parseAddCheckpoint(body);
    const note = parseNote(asked.checkpoint);
    return { ...asked, note, tree: parseCheckpoint(note.text) };
  } catch (error) {
    if (error instanceof ProofError) return null;
    throw error;
  }
}

const isSigned = (note: SignedNote, keys: readonly VerifierKey[]): boolean => {
  let signed = false;
  const holds = isProved(() => {
    signed = verifyNote(note, keys).length > 0;
  });
  return holds && signed;
};

function isProved(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof ProofError) return false;
    throw error;
  }
}

/** Where a witness keeps what it saw. */
export interface WitnessState {
  known(origin: string): TreeHead | null;
  /** Durable when it resolves. */
  keep(origin: string, tree: TreeHead): Promise<void>;
}

/** Says of one log after the other that it only grew. What it cosigned is kept before it is told, so that it never goes back. */
export class SmallWitness {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly signer: NoteSigner,
    private readonly logKeys: readonly VerifierKey[],
    private readonly state: WitnessState,
    private readonly nowSeconds: () => number,
  ) {}

  /** One request at a time: what was checked is what is replaced. */
  answer(body: string): Promise<{ readonly status: number; readonly body: string }> {
    const answered = this.last.then(() => this.consider(body));
    this.last = answered.catch(() => undefined);
    return answered;
  }

  private async consider(body: string): Promise<{ status: number; body: string }> {
    const verdict = judge(body, this.logKeys, (origin) => this.state.known(origin));
    if (verdict.status === 409) return { status: 409, body: `${verdict.knownSize}\n` };
    if (verdict.status !== 200) return { status: verdict.status, body: 'not cosigned\n' };
    await this.state.keep(parseCheckpoint(verdict.text).origin, verdict.tree);
    return { status: 200, body: formatSignature(this.signer.cosign(verdict.text, this.nowSeconds())) };
  }
}
