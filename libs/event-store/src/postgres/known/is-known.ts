import type { KnownLog } from '../../reading/known-log.js';

/** Whether the log is the one that is known, as an expression of SQL with three parameters from `first` on. */
export const isKnown = (first: number): string =>
  `event_store.is_known($${first}::uuid, $${first + 1}::bigint, $${first + 2}::uuid)`;

/** Its parameters. */
export const knownValues = ({ id, mark }: KnownLog): readonly (string | null)[] => [
  id,
  mark?.position.toString() ?? null,
  mark?.id ?? null,
];
