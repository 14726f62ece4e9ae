import type { DomainEvent } from '@abland/kernel';
import type { AmountText, Instant, Uuid } from '../vocabulary/values.js';

type OfReport = { readonly reportId: Uuid };

/** Somebody asks for a report of what is in the log, or of who did what. */
export type ReportRequested = DomainEvent<
  'ReportRequested',
  OfReport & {
    /** `ACCOUNT`, `MARKET`, … */
    readonly kind: string;
    /** What is asked for, in canonical JSON. */
    readonly query: string;
    /** Events that it is made of: the first ones of the log. */
    readonly treeSize: AmountText;
    /** Of their tree, in base64. */
    readonly root: string;
    /** A checksummed address, or `operator:<name>` at the machine itself. */
    readonly requestedBy: string;
    readonly reason: string;
    /** Whether people's own words were opened for it. */
    readonly opensPersonalData: boolean;
    readonly at: Instant;
  }
>;
/** It was written. */
export type ReportWritten = DomainEvent<
  'ReportWritten',
  OfReport & {
    /** Of its folder: SHA-256 of its manifest, in hexadecimal. Who makes the same report again gets the same. */
    readonly name: string;
    readonly at: Instant;
  }
>;

export type ReportEvent = ReportRequested | ReportWritten;

/** The newest schema version of each. */
export const REPORT_VERSIONS = {
  ReportRequested: 1,
  ReportWritten: 1,
} as const satisfies Record<ReportEvent['type'], number>;

/** One report that somebody asked for. */
export const reportStream = (reportId: Uuid): string => `report-${reportId}`;
