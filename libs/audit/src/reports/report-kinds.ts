import { ACCOUNT_STATEMENT } from './kinds/account-statement.js';
import { ACTS_REPORT } from './kinds/acts-report.js';
import { MARKET_REPORT } from './kinds/market-report.js';
import { ORDER_RECORDS } from './kinds/order-records.js';
import { TOKEN_REPORT } from './kinds/token-report.js';
import type { ReportQuery } from './folding/query.js';
import type { ReportKind } from './folding/report.js';

export const REPORT_KINDS: {
  readonly [Kind in ReportQuery['kind']]: ReportKind<Extract<ReportQuery, { readonly kind: Kind }>>;
} = {
  ACCOUNT: ACCOUNT_STATEMENT,
  MARKET: MARKET_REPORT,
  TOKEN: TOKEN_REPORT,
  RECORDS: ORDER_RECORDS,
  ACTS: ACTS_REPORT,
};

/** Of a query of any kind. */
export const kindOf = ({ kind }: ReportQuery): ReportKind<ReportQuery> =>
  REPORT_KINDS[kind] as ReportKind<never> as ReportKind<ReportQuery>;
