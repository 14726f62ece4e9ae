import { type Logger, retrying, type Running } from '@abland/kernel';
import { openPool } from '@abland/postgres';
import { Gate } from '@abland/testing';
import type pg from 'pg';

/** What a program is made of once it runs. */
export interface Opened {
  readonly running: Running;
  /** After it was stopped. */
  close(): Promise<void>;
}

export interface ProgramOptions {
  readonly name: string;
  readonly databaseUrl: string;
  readonly logger: Logger;
  readonly open: (pool: pg.Pool, url: string) => Promise<Opened>;
}

const CONNECTIONS = 4;
/** On a machine however busy. */
const START_MS_MAX = 180_000;

/** A program with connections of its own, which can be killed: they are cut in the middle of whatever they carry. */
export class Program {
  #ended: Promise<void> | null = null;

  private constructor(
    readonly name: string,
    private readonly gate: Gate,
    private readonly pool: pg.Pool,
    private readonly opened: Opened,
  ) {}

  /** Tried again where what it needs is out of reach, as whoever runs programs does. */
  static start(options: ProgramOptions): Promise<Program> {
    return retrying(() => Program.startOnce(options), { totalMsMax: START_MS_MAX });
  }

  private static async startOnce({ databaseUrl, logger, name, open }: ProgramOptions): Promise<Program> {
    const gate = await Gate.inFrontOf(databaseUrl);
    const pool = openPool({ connectionString: gate.url, name, max: CONNECTIONS, logger });
    try {
      return new Program(name, gate, pool, await open(pool, gate.url));
    } catch (error) {
      await gate.close();
      await pool.end();
      throw error;
    }
  }

  /** Nothing that it does from now on reaches anybody. Returns at once; `stop` waits for its end. */
  kill(): void {
    const cut = this.gate.close();
    this.#ended ??= this.#end().then(() => cut);
  }

  async stop(): Promise<void> {
    this.#ended ??= this.#end().then(() => this.gate.close());
    await this.#ended;
  }

  async #end(): Promise<void> {
    await this.opened.running.stop();
    await this.opened.close();
    await this.pool.end();
  }
}
