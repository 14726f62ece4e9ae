import type { Finding } from './oracle.js';
import type { Variant } from './stressed-store.js';

export interface StressReport {
  readonly variant: Variant;
  readonly seed: number;
  readonly events: number;
  readonly appends: number;
  /** Appends that were told to have been stored before, and that were refused for their expected revision. */
  readonly repetitions: number;
  readonly conflicts: number;
  readonly appenderKills: number;
  readonly subscriberKills: number;
  readonly storeRestarts: number;
  /** Appends of someone else's that were held and then rolled back, and transactions held for seconds. */
  readonly rolledBack: number;
  readonly longTransactions: number;
  readonly findings: readonly Finding[];
}

/** One line: what was done to the log and what came of it. */
export function summarise(report: StressReport): string {
  const kinds = new Map<string, number>();
  for (const { kind } of report.findings) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const verdict =
    kinds.size === 0
      ? 'PASSED: nothing missed, doubled, lost or out of order'
      : `FAILED: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}`;
  return (
    `stress (${report.variant}): seed ${report.seed}, ${report.events} events in ${report.appends} appends, ` +
    `${report.conflicts} conflicts, ${report.repetitions} repetitions, ${report.rolledBack} rolled back, ` +
    `${report.longTransactions} long transactions, kills: ${report.appenderKills} appenders, ` +
    `${report.subscriberKills} subscribers, ${report.storeRestarts} store; ${verdict}`
  );
}
