import {
  type CheckpointPlace,
  ENTRY_BYTES_MAX,
  Finding,
  HASH_BYTES,
  type LogPlace,
  parseVerifierKey,
  ProofError,
  TILE_WIDTH,
  type TileName,
  tilePath,
  type VerifierKey,
} from '@abland/audit-verify';
import { AblandError, mayPass, failureClassOf, retrying, systemTiming } from '@abland/kernel';

export interface AskingLimits {
  /** Milliseconds that an answer may take, to its last byte. */
  readonly answerWithinMs: number;
  /** Ends whatever is asked, and the pauses between. */
  readonly signal: AbortSignal;
}

/** The place may answer later. */
class PlaceAwayError extends AblandError {
  readonly code = 'PLACE_AWAY';
  override readonly failureClass = 'LATER';
}

interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
}

const ATTEMPTS_MAX = 4;
const PAUSE_MS = { min: 200, max: 5_000 };
const RETRY_AFTER_MS_MAX = 60_000;
/** Of a log at once: those that take each other's place. */
const KEYS_MAX = 16;
const TEXT_BYTES_MAX = 65_536;
const LENGTH_BYTES = 2;
/** Of hashes, each 8 KiB at most: those above the leaves are asked for again and again. */
const TILES_KEPT_MAX = 64;

/** A log behind HTTP, of which nothing is believed: C2SP tlog-tiles. */
export class HttpPlace implements LogPlace, CheckpointPlace {
  private readonly kept = new Map<string, Uint8Array>();

  constructor(
    /** What `/checkpoint` lies under, without a slash at its end. */
    readonly url: string,
    private readonly limits: AskingLimits,
  ) {}

  checkpoint(): Promise<string> {
    return this.text('checkpoint');
  }

  /** Whoever asks believes the place this once. @throws Finding WRONG_ANSWER, UNREACHABLE */
  async verifierKeys(): Promise<readonly VerifierKey[]> {
    const lines = (await this.text('verifier-key')).trimEnd().split('\n');
    if (lines.length > KEYS_MAX) throw new Finding('WRONG_ANSWER', `it shows ${lines.length} keys`, this.url);
    try {
      return lines.map(parseVerifierKey);
    } catch (error) {
      if (!(error instanceof ProofError)) throw error;
      throw new Finding('WRONG_ANSWER', `its verifier keys are none: ${error.message}`, this.url);
    }
  }

  async tile(name: TileName): Promise<Uint8Array> {
    const path = tilePath(name);
    const tile = this.kept.get(path) ?? (await this.part(name, HASH_BYTES * TILE_WIDTH));
    this.kept.delete(path);
    this.kept.set(path, tile);
    for (const oldest of [...this.kept.keys()].slice(0, -TILES_KEPT_MAX)) this.kept.delete(oldest);
    return tile.subarray(0, name.width * HASH_BYTES);
  }

  async entries(name: TileName): Promise<Uint8Array | null> {
    const answer = await this.ask(tilePath(name), name.width * (LENGTH_BYTES + ENTRY_BYTES_MAX));
    const code = answer.status === 200 ? null : codeIn(answer.body);
    if (code === 'ENTRIES_NOT_PUBLIC_YET') return null;
    if (code === 'LOG_REWRITTEN')
      throw new Finding(
        'REWRITTEN',
        'it says itself that its log was changed',
        `${this.url}/${tilePath(name)}`,
      );
    return this.required(answer, tilePath(name));
  }

  /** A tile that is not full may be gone once it is. */
  private async part(name: TileName, bytesMax: number): Promise<Uint8Array> {
    const answer = await this.ask(tilePath(name), bytesMax);
    if (answer.status !== 404 || name.width === TILE_WIDTH) return this.required(answer, tilePath(name));
    const whole = tilePath({ ...name, width: TILE_WIDTH });
    return this.required(await this.ask(whole, bytesMax), whole);
  }

  private async text(path: string): Promise<string> {
    const body = this.required(await this.ask(path, TEXT_BYTES_MAX), path);
    return Buffer.from(body).toString('utf8');
  }

  private required({ body, status }: Answer, path: string): Uint8Array {
    if (status === 200) return body;
    const code = status === 404 ? 'UNREACHABLE' : 'WRONG_ANSWER';
    throw new Finding(code, `it answers ${status}`, `${this.url}/${path}`);
  }

  /** @throws Finding UNREACHABLE, WRONG_ANSWER */
  private async ask(path: string, bytesMax: number): Promise<Answer> {
    const { signal } = this.limits;
    const url = `${this.url}/${path}`;
    try {
      return await retrying(() => this.exchange(url, bytesMax), {
        ...{ attemptsMax: ATTEMPTS_MAX, pauseMs: PAUSE_MS, signal },
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Finding || !mayPass(failureClassOf(error))) throw error;
      throw new Finding('UNREACHABLE', (error as Error).message, url);
    }
  }

  private async exchange(url: string, bytesMax: number): Promise<Answer> {
    const { answerWithinMs, signal } = this.limits;
    const ending = AbortSignal.any([AbortSignal.timeout(answerWithinMs), signal]);
    let response: Response;
    let body: Uint8Array;
    try {
      response = await fetch(url, { redirect: 'manual', signal: ending });
      body = await bounded(response, url, bytesMax);
    } catch (error) {
      if (error instanceof Finding) throw error;
      throw new PlaceAwayError(whyAway(error, answerWithinMs), { url }, error);
    }
    const { headers, status } = response;
    if (status !== 429 && (status < 500 || codeIn(body) === 'LOG_REWRITTEN')) return { status, body };
    await systemTiming.pause(retryAfterMs(headers.get('retry-after')), signal);
    throw new PlaceAwayError(`it answers ${status}`, { url, status });
  }
}

/** @throws Finding WRONG_ANSWER before more is kept than may be */
async function bounded(response: Response, url: string, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop gives the connection up.
    if (bytes > bytesMax)
      throw new Finding('WRONG_ANSWER', `it answers with more than ${bytesMax} bytes`, url);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function whyAway(error: unknown, answerWithinMs: number): string {
  const { cause, message, name } = error as Error;
  if (name === 'TimeoutError') return `it gave no whole answer within ${answerWithinMs} ms`;
  return `it cannot be reached: ${cause instanceof Error ? cause.message || cause.name : message}`;
}

/** The code of a refusal of ours; null for other bodies. */
function codeIn(body: Uint8Array): string | null {
  try {
    const { errors } = JSON.parse(Buffer.from(body).toString('utf8')) as {
      readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } }[];
    };
    const code = errors?.[0]?.extensions?.code;
    return typeof code === 'string' ? code : null;
  } catch {
    return null;
  }
}

function retryAfterMs(header: string | null): number {
  const seconds = /^\d{1,6}$/.test(header ?? '') ? Number(header) : 0;
  return Math.min(RETRY_AFTER_MS_MAX, seconds * 1_000);
}
