import { basename, join } from 'node:path';

/** Many machines delete there what nobody touched for a month. */
const CLEANED = /^\/(var\/)?tmp\//;
/** Where a start puts it today. */
const KEPT = '/var/lib/abland';

/**
 * What a person is told where the database lies outside of the data folder; nothing where it does not.
 * @param elsewhere its folder; null where it lies in the data folder
 */
export function dataElsewhereLines(elsewhere: string | null, dataDir: string): readonly string[] {
  if (elsewhere === null) return [];
  const lines = [
    `                    and ${elsewhere}: the database's account cannot reach ${dataDir}`,
    '                    `npm run abland -- data remove` removes both',
  ];
  if (!CLEANED.test(elsewhere)) return lines;
  const kept = join(KEPT, basename(elsewhere));
  return [
    ...lines,
    `  ! ${elsewhere} may be deleted by this machine, where temporary files are. Move it while nothing runs:`,
    `    mkdir -p ${KEPT} && mv ${elsewhere} ${kept} && ln -sfn ${kept} ${join(dataDir, 'database', 'postgres')}`,
  ];
}
