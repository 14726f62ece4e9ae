import type { SimulationReport } from './simulate.js';

/** One line of what a seed did and what was found. */
export function summarise(report: SimulationReport): string {
  const { blocks, caughtUpMs, crashes, deepReorgs, facts, glimpses, kills } = report;
  const { ms, reorgs, seed, spoiled, violations } = report;
  const answers = [...spoiled.values()].reduce((sum, count) => sum + count, 0);
  return [
    `seed ${seed}: ${blocks} blocks, ${facts} facts, ${reorgs} reorgs and ${deepReorgs} below finality, ${kills} kills, ${crashes} crashes of the database`,
    `${answers} answers spoiled in ${spoiled.size} ways`,
    `${glimpses} glimpses, right after ${caughtUpMs.map((one) => `${(one / 1000).toFixed(1)} s`).join(', ') || 'never'}`,
    `${violations.length} violations in ${(ms / 1000).toFixed(1)} s`,
  ].join('; ');
}
