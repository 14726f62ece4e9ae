import type { AnchoringStatus } from '@abland/audit';
import type { IngesterStatus } from '@abland/chain';
import { isWell, type PartStatus } from '@abland/kernel';
import { pulseOf } from '@abland/postgres';
import type { ProcessStatus, SenderPartStatus } from '@abland/processes';

export interface WorkerStatus {
  readonly chains: readonly ChainStatus[];
  readonly processes: readonly ProcessStatus[];
  /** Of the log's tree on each chain that it is anchored on; none where it is anchored nowhere. */
  readonly anchors: readonly ChainAnchorStatus[];
  /** Parts that this worker stands by for while no other one tells that it does them. */
  readonly undone: readonly string[];
  /**
   * What is not as it should be though nothing is left undone, as `<part>: <code>`: accounts that take no new work, parts that failed here and
   * that another worker leads, the log's tree, its anchors, witnesses that did not cosign, what tells of alarms and of operators' acts.
   */
  readonly degraded: readonly string[];
}

export interface ChainAnchorStatus extends AnchoringStatus {
  readonly chainId: number;
}

export interface ChainStatus {
  readonly chainId: number;
  /** RUNNING once the provider's chain is known to be that of the log. */
  readonly provider: PartStatus;
  readonly ingestion: PartStatus;
  /** Null while this worker does not ingest the chain. */
  readonly ingester: IngesterStatus | null;
  /** Of the accounts that send; none where nothing is relayed, or another worker does. */
  readonly senders: readonly SenderPartStatus[];
}

/** Whether everything that a worker does is done, here or in another one. */
export function isReady({ chains, processes, undone }: WorkerStatus): boolean {
  const known = chains.every(({ provider }) => provider.state === 'RUNNING');
  const ingesting = chains.every(({ ingester, ingestion }) =>
    ingester === null ? ingestion.state === 'STANDBY' : isWell(ingester),
  );
  const settling = processes.every((process) => isWell(process) && (!process.leading || process.live));
  return known && ingesting && settling && undone.length === 0;
}

/** What a part failed of, or that it stands, as it is told among what is degraded. */
export function failureOf(status: PartStatus): readonly string[] {
  const { failure, part } = pulseOf(status);
  return failure === null ? [] : [`${part}: ${failure}`];
}
