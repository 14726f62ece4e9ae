/** The key of a row that stands for one log, as PostgreSQL returns it. */
export interface ChainLogKey {
  readonly chain_id: string;
  readonly block_number: string;
  readonly log_index: number;
}

/** `<chain>-<block>-<log>`: names what one log told, on whichever chain. */
export const chainLogId = ({ chain_id, block_number, log_index }: ChainLogKey): string =>
  `${chain_id}-${block_number}-${log_index}`;
