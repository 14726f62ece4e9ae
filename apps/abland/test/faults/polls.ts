/** One answer of something that was asked, or what came instead. */
export interface Sample {
  readonly name: string;
  /** Milliseconds since the polls began. */
  readonly at: number;
  readonly end: number;
  /** An HTTP status; HANG: none came in time. */
  readonly status: number | 'HANG' | 'UNREACHABLE';
  /** Of GraphQL's first error. */
  readonly code: string | null;
}

export type Ask = (signal: AbortSignal) => Promise<Response>;

/** How often each is asked, and after how long an answer is held to hang. */
const EVERY_MS = 300;
export const HANG_MS = 30_000;

export const isGood = ({ code, status }: Sample): boolean => status === 200 && code === null;

/** Asks a running system by every way there is, again and again, and keeps what came. */
export class Polls {
  readonly samples: Sample[] = [];
  readonly #begun = performance.now();
  readonly #done = new AbortController();
  readonly #running: readonly Promise<void>[];

  constructor(private readonly asks: Readonly<Record<string, Ask>>) {
    this.#running = Object.entries(asks).map(([name, ask]) => this.#poll(name, ask));
  }

  get names(): readonly string[] {
    return Object.keys(this.asks);
  }

  get now(): number {
    return performance.now() - this.#begun;
  }

  /** When all that is asked from now on was answered as it should be. @throws where it is not in time, with what came last */
  async untilGood(withinMs: number): Promise<number> {
    const from = this.now;
    for (;;) {
      const last = this.names.map((name) =>
        this.samples.findLast((one) => one.name === name && one.at > from),
      );
      if (last.every((one) => one !== undefined && isGood(one))) return this.now;
      if (this.now - from > withinMs)
        throw new Error(
          `It does not come back: ${JSON.stringify(last.filter((one) => one === undefined || !isGood(one)))}`,
        );
      await pause(EVERY_MS);
    }
  }

  async stop(): Promise<void> {
    this.#done.abort();
    await Promise.all(this.#running);
  }

  async #poll(name: string, ask: Ask): Promise<void> {
    while (!this.#done.signal.aborted) {
      const at = this.now;
      const told = await answerOf(ask);
      this.samples.push({ name, at, end: this.now, ...told });
      await pause(EVERY_MS - (this.now - at));
    }
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

async function answerOf(ask: Ask): Promise<Pick<Sample, 'status' | 'code'>> {
  try {
    const response = await ask(AbortSignal.timeout(HANG_MS));
    const code = /"code":"(\w+)"/.exec((await response.text()).split('"errors"')[1] ?? '')?.[1] ?? null;
    return { status: response.status, code };
  } catch (error) {
    const isHang = error instanceof Error && error.name === 'TimeoutError';
    return { status: isHang ? 'HANG' : 'UNREACHABLE', code: null };
  }
}
