import type { IngesterStatus } from '@abland/chain';
import type { ProcessStatus } from '@abland/processes';

export interface WorkerStatus {
  readonly chains: readonly ChainStatus[];
  readonly processes: readonly ProcessStatus[];
}

export interface ChainStatus {
  readonly chainId: number;
  /** Null while another worker ingests this chain. */
  readonly ingester: IngesterStatus | null;
}

/** Whether everything that a worker does is done, here or in another one. */
export function isReady({ chains, processes }: WorkerStatus): boolean {
  const ingesting = chains.every(({ ingester }) => ingester === null || ingester.failure === null);
  const settling = processes.every(({ failure, leading, live }) => failure === null && (!leading || live));
  return ingesting && settling;
}
