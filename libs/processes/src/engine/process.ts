import type { EventFilter, RecordedEvent } from '@abland/kernel';
import type pg from 'pg';
import type { ProcessCommand } from './process-command.js';

/** One transaction of a process: its rows, its commands and its checkpoint belong together. */
export interface Turn {
  /** The connection of the transaction, which holds the lease: state is read and written through it. */
  readonly client: pg.ClientBase;
  /** Milliseconds since the epoch when the turn began. */
  readonly now: number;
  /**
   * Handles commands: those of one stream in order, streams side by side. A refusal is logged, a defect is parked; what an operator
   * decided that is left out is not handled.
   * Throws only where the whole turn must be repeated.
   */
  issue(commands: readonly ProcessCommand[]): Promise<void>;
  /**
   * Sets an event aside that our own code breaks on, so that those after it are not held up. Throws what a repetition of
   * the turn may cure.
   */
  park(event: RecordedEvent, error: unknown): Promise<void>;
}

/** Runs a turn after those before it; fails where this instance leads no more. */
export type TakeTurn = (work: (turn: Turn) => Promise<void>) => Promise<void>;

/** What a process follows while its state has nothing that other events could change: a chain's history is read past most of its facts. */
export interface Quiet {
  readonly filter: EventFilter;
  /** Whether there is nothing that other events could change. */
  isSo(client: pg.ClientBase): Promise<boolean>;
  /** Whether there may be with this event, which the filter lets pass: what follows it is followed as ever. */
  endsWith(event: RecordedEvent): boolean;
}

/** Turns what happened into commands. Its state is a fold of the log, so that a turn may be repeated at any time. */
export interface Process {
  /** Names its checkpoint and its lease: never changes. */
  readonly name: string;
  readonly filter: EventFilter;
  /** Absent: it is never quiet. */
  readonly quiet?: Quiet;
  react(turn: Turn, events: readonly RecordedEvent[]): Promise<void>;
  /** Called at every tick of the timer while this instance leads and its state is level with the log: what is due by the clock. */
  tick?(turn: Turn): Promise<void>;
  /** Called after a turn of `react` was committed. */
  committed?(): void;
  /**
   * Runs beside the turns while this instance leads, once its state was level with the log, and writes state in turns alone; returns
   * when the signal aborts, rejects to give the lead up. To call `onTurn` at each turn in which it could do what it is for: before the first the process has achieved
   * nothing, and where none comes any more it stands.
   */
  work?(signal: AbortSignal, take: TakeTurn, onTurn: () => void): Promise<void>;
}
