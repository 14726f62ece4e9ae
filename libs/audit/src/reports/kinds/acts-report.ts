import { canonicalJson, type JsonValue } from '@abland/audit-verify';
import type { RecordedEvent } from '@abland/kernel';
import type { ReportQuery } from '../folding/query.js';
import { isWithin, type Put, type ReportFolding, type ReportKind } from '../folding/report.js';

type Query = Extract<ReportQuery, { readonly kind: 'ACTS' }>;

/** Which file an event is in, by its type; what is of none is nobody's act. */
const FILE_OF: Readonly<Record<string, string>> = {
  ...of('operations', [
    ...['OperationProposed', 'OperationApproved', 'OperationDeclined', 'OperationRequested'],
    ...['OperationCompleted', 'OperationFailed'],
  ]),
  ...of('rejected', ['CommandRejected']),
  ...of('erasures', ['UserErased', 'UserKeyDestroyed']),
  ...of('access', [
    ...['UserRegistered', 'UserSignedIn', 'SessionStarted', 'SessionRefreshed', 'SessionEnded'],
    ...[
      'UserRoleGranted',
      'UserRoleRevoked',
      'ApiKeyCreated',
      'ApiKeyRevoked',
      'ApiKeyEnded',
      'ApiKeyRateSet',
    ],
  ]),
  ...of('reports', ['ReportRequested', 'ReportWritten']),
};
const COLUMNS = ['time', 'eventId', 'stream', 'revision', 'type', 'actor', 'details'] as const;

/** Who was let in as what, what operators did and why, what was refused to whom, who was erased, who asked for reports. */
export const ACTS_REPORT: ReportKind<Query> = {
  version: 1,
  files: Object.fromEntries([...new Set(Object.values(FILE_OF))].map((file) => [file, COLUMNS])),
  begin: (query, put) => new ActsReport(query, put),
};

class ActsReport implements ReportFolding {
  constructor(
    private readonly query: Query,
    private readonly put: Put,
  ) {}

  event({ data, id, metadata, recordedAt, revision, stream, type }: RecordedEvent): void {
    const file = FILE_OF[type];
    if (file === undefined || !isWithin(this.query, recordedAt)) return;
    const details = canonicalJson(data as JsonValue);
    this.put(file, {
      ...{ time: recordedAt, eventId: id, stream, revision: `${revision}` },
      ...{ type, actor: metadata.actor, details },
    });
  }
}

function of(file: string, types: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(types.map((type) => [type, file]));
}
