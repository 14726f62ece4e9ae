/** The key of a row that stands for one log, as PostgreSQL returns it. */
export interface LogPlace {
  readonly chain_id: string;
  readonly block_number: string;
  readonly log_index: number;
}

/** `<chain>-<block>-<log>`: names what one log told, on whichever chain. */
export const logId = ({ chain_id, block_number, log_index }: LogPlace): string =>
  `${chain_id}-${block_number}-${log_index}`;
