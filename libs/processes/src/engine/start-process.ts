import {
  type Clock,
  type EventStore,
  type Logger,
  type PartStatus,
  type Position,
  type Running,
  supervise,
} from '@abland/kernel';
import { postgresFailureClassOf, takeLease } from '@abland/postgres';
import type pg from 'pg';
import { countParked } from './park.js';
import type { Process } from './process.js';
import { loopsOf, ProcessRun } from './process-run.js';

export interface ProcessOptions {
  readonly process: Process;
  readonly store: EventStore;
  /** Of the process's state and its lease. */
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Most events a turn. */
  readonly batchSize?: number;
  /** Milliseconds after which a turn fails, and is tried again with fewer events. */
  readonly turnMsMax?: number;
  /** Milliseconds between two looks at what is due by the clock. */
  readonly tickIntervalMs?: number;
  /** Milliseconds after which an instance that stands by tries to lead. */
  readonly standbyIntervalMs?: number;
  /** Milliseconds after which it is tried again where it failed in a way that no repetition helps. */
  readonly failedPauseMs?: number;
  /** Milliseconds without a sign of the leader after which another leads. */
  readonly leaseMs?: number;
}

/** What is known without asking anybody. */
export interface ProcessProgress extends PartStatus {
  /** False while another instance leads or the store is out of reach. */
  readonly leading: boolean;
  /** Last position handled by this instance; null before its first. */
  readonly position: Position | null;
  /** True when the last batch reached the end of the log. */
  readonly live: boolean;
}

export interface ProcessStatus extends ProcessProgress {
  /** Commands and events that were parked. */
  readonly parked: number;
}

export interface RunningProcess extends Running {
  progress(): ProcessProgress;
  status(): Promise<ProcessStatus>;
}

/**
 * Runs a process until it is stopped: leads where no other instance does, else stands by. Whatever fails is tried again from
 * the last checkpoint. A log that is not the one of the checkpoint is left alone until it is put back, or the state is gone.
 */
export function startProcess(options: ProcessOptions): RunningProcess {
  const { failedPauseMs, leaseMs, pool, process, standbyIntervalMs } = options;
  const logger = options.logger.child({ process: process.name });
  const lease = { name: process.name, pool, logger, ...(leaseMs === undefined ? {} : { ttlMs: leaseMs }) };
  const run = new ProcessRun({ ...options, logger });
  const supervised = supervise(
    {
      name: process.name,
      loops: loopsOf(process),
      lead: () => takeLease(lease),
      run: (leading) => run.lead(leading),
    },
    {
      logger: options.logger,
      classify: postgresFailureClassOf,
      ...(failedPauseMs === undefined ? {} : { failedPauseMs }),
      ...(standbyIntervalMs === undefined ? {} : { standbyPauseMs: standbyIntervalMs }),
    },
  );
  const progress = (): ProcessProgress => {
    const { leading, live, position } = run;
    return { ...supervised.status(), leading, live, position };
  };
  return {
    ...supervised,
    progress,
    async status() {
      const parked = await countParked(pool, process.name);
      return { ...progress(), parked };
    },
  };
}
