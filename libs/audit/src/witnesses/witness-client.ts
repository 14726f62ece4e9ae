import {
  areEqual,
  formatSignature,
  parseNote,
  parseSignature,
  ProofError,
  type VerifierKey,
  verifyNote,
} from '@abland/audit-verify';
import { WitnessAnswerError, WitnessAwayError, WitnessRefusedError } from '../failures/witness-errors.js';
import { type AddCheckpoint, formatAddCheckpoint, parseTreeSize } from './add-checkpoint.js';

/** Somebody who watches that the log only grows, and says so of its checkpoints. */
export interface WitnessAt {
  /** What it cosigns with. */
  readonly key: VerifierKey;
  /** Its submission prefix, without a slash at its end. */
  readonly url: string;
}

/** What a witness answers: the signature line, with its end, or how large the tree is that it saw last. */
export type WitnessAnswer = { readonly line: string } | { readonly knownSize: number };

export interface AskingLimits {
  /** Milliseconds that it may take for its answer. */
  readonly answerWithinMs: number;
  /** Ends the call. */
  readonly signal: AbortSignal;
}

const ANSWER_BYTES_MAX = 65_536;
const CONFLICT = 409;

/**
 * Asks a witness for its cosignature, once.
 * @throws WitnessAwayError, WitnessRefusedError, WitnessAnswerError
 */
export async function askWitness(
  { key, url }: WitnessAt,
  asked: AddCheckpoint,
  limits: AskingLimits,
): Promise<WitnessAnswer> {
  const { body, status } = await exchange(`${url}/add-checkpoint`, formatAddCheckpoint(asked), limits);
  const told = { url, status };
  if (status === 429 || status >= 500) throw new WitnessAwayError(`The witness answered ${status}`, told);
  if (status !== 200 && status !== CONFLICT)
    throw new WitnessRefusedError(`The witness answered ${status}: ${shown(body)}`, told);
  try {
    return status === CONFLICT
      ? { knownSize: parseTreeSize(body) }
      : { line: cosignatureIn(body, asked.checkpoint, key) };
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new WitnessAnswerError(`What the witness answered is wrong: ${error.message}`, told, error);
  }
}

/** The line of a key; those of keys that nobody knows here are passed over. @throws ProofError */
function cosignatureIn(body: string, checkpoint: string, key: VerifierKey): string {
  const lines = body.endsWith('\n') ? body.slice(0, -1).split('\n') : [];
  const line = lines
    .map(parseSignature)
    .find(({ keyId, name }) => name === key.name && areEqual(keyId, key.id));
  const { text } = parseNote(checkpoint);
  const [verified] = line === undefined ? [] : verifyNote({ text, signatures: [line] }, [key]);
  if (line === undefined || verified === undefined)
    throw new ProofError('UNTRUSTED', 'none of its signatures is of the key that it is known by', key.name);
  if (verified.cosignedAt === 0) throw new ProofError('MALFORMED', 'its cosignature has no time', key.name);
  return formatSignature(line);
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function exchange(
  url: string,
  body: string,
  { answerWithinMs, signal }: AskingLimits,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      ...{ method: 'POST', body, redirect: 'manual' },
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      signal: AbortSignal.any([AbortSignal.timeout(answerWithinMs), signal]),
    });
    return { status: response.status, body: await bounded(response, url) };
  } catch (error) {
    if (error instanceof WitnessAnswerError) throw error;
    throw new WitnessAwayError('The witness cannot be reached', { url }, error);
  }
}

async function bounded(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop gives the connection up.
    if (bytes > ANSWER_BYTES_MAX) throw new WitnessAnswerError('The witness answers without end', { url });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const SHOWN_MAX = 200;
const shown = (body: string): string => body.slice(0, SHOWN_MAX).trim();
