import type { Logger } from '@abland/kernel';
import type { ProjectionRun } from './projection-run.js';
import { takeViolations, type Violation, violationText } from './sums.js';

/** Lines in the log, of one batch: what is wrong with one token may be so with all. */
const TOLD_MAX = 10;

/** To be stored with the run's checkpoint. */
export function noteViolations(run: ProjectionRun, violations: readonly Violation[]): void {
  const last = violations.at(-1);
  if (last === undefined) return;
  run.violations = { count: run.violations.count + violations.length, last: violationText(last) };
}

/** Looks at what the runs changed since they were stored last. What is wrong is told, and stops nothing. */
export function checkSums(runs: readonly ProjectionRun[], logger: Logger): void {
  for (const [run, violations] of takeViolations(runs)) {
    noteViolations(run, violations);
    for (const violation of violations.slice(0, TOLD_MAX))
      logger.error(
        { projection: run.projection.name, position: run.position, violation: violationText(violation) },
        'what a projection keeps does not add up',
      );
  }
}
