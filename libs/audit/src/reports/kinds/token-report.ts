import {
  GOVERNANCE_FACT_VERSIONS,
  type GovernanceTokenMinted,
  SINGLETON_FACT_VERSIONS,
  type Transfer,
  ZERO_ADDRESS,
} from '@abland/domain';
import { canonicalJson, type JsonValue } from '@abland/audit-verify';
import type { RecordedEvent } from '@abland/kernel';
import type { ReportQuery } from '../folding/query.js';
import { isWithin, type Put, type ReportFolding, type ReportKind, type Row } from '../folding/report.js';
import type { FactAt } from '../folding/standing-facts.js';
import { isBefore, isSame, PLACE_COLUMNS, placeColumns } from './columns.js';

type Query = Extract<ReportQuery, { readonly kind: 'TOKEN' }>;

/** What a chain's governance is told by: what it decides, and what the contracts that it governs say of who may do what. */
const GOVERNANCE: ReadonlySet<string> = new Set(
  Object.keys({ ...GOVERNANCE_FACT_VERSIONS, ...SINGLETON_FACT_VERSIONS }).filter(
    (type) => type !== 'TreeHeadAnchored',
  ),
);

/** What becomes of a token: its supply, who holds it at the end of the period, what its creator and governance did. */
export const TOKEN_REPORT: ReportKind<Query> = {
  version: 2,
  files: {
    subject: ['token', 'followed'],
    supply: [...PLACE_COLUMNS, 'change', 'account', 'amount', 'supply'],
    holders: ['rank', 'holder', 'balance'],
    facts: [...PLACE_COLUMNS, 'type', 'details'],
    governance: [...PLACE_COLUMNS, 'type', 'details'],
  },
  begin: (query, put) => new TokenReport(query, put),
};

class TokenReport implements ReportFolding {
  private readonly balances = new Map<string, bigint>();
  private supply = 0n;
  /** What the log has of it: all transfers, what was minted of it alone, or nothing, so that nobody knows who holds it. */
  private followed: 'TRANSFERS' | 'MINTS' | 'NOTHING' = 'NOTHING';

  constructor(
    private readonly query: Query,
    private readonly put: Put,
  ) {}

  fact(event: RecordedEvent, at: FactAt): void {
    const { data, type } = event;
    if (at.chainId !== this.query.chainId || !isBefore(this.query.until, at)) return;
    const put = (file: string, row: Row): void => {
      if (isWithin(this.query, at.blockTime)) this.put(file, { ...placeColumns(event, at), ...row });
    };
    const isOfToken = [data['contract'], data['tokenAddress'], data['token']].some(
      (one) => typeof one === 'string' && isSame(one, this.query.token),
    );
    if (isOfToken && type === 'TokenCreated') this.followed = 'TRANSFERS';
    if (isOfToken && type === 'GovernanceTokenMinted')
      this.minted(data as GovernanceTokenMinted['data'], put);
    else if (GOVERNANCE.has(type)) put('governance', { type, details: canonicalJson(data as JsonValue) });
    else if (!isOfToken) return;
    else if (type === 'Transfer') this.transfer(data as Transfer['data'], put);
    else if (type !== 'Approval') put('facts', { type, details: canonicalJson(data as JsonValue) });
  }

  *end(): Iterable<readonly [string, Row]> {
    yield ['subject', { token: this.query.token, followed: this.followed }];
    const holders = [...this.balances].filter(([, balance]) => balance !== 0n);
    holders.sort(([one, a], [other, b]) => (a === b ? (one < other ? -1 : 1) : a > b ? -1 : 1));
    for (const [at, [holder, balance]] of holders.entries())
      yield ['holders', { rank: `${at + 1}`, holder, balance: `${balance}` }];
  }

  private minted({ amount, to }: GovernanceTokenMinted['data'], put: Put): void {
    this.followed = 'MINTS';
    this.supply += BigInt(amount);
    put('supply', { change: 'MINTED', account: to, amount, supply: `${this.supply}` });
  }

  private transfer({ amount, from, to }: Transfer['data'], put: Put): void {
    this.followed = 'TRANSFERS';
    const moved = BigInt(amount);
    const change = isSame(from, ZERO_ADDRESS) ? 'MINTED' : isSame(to, ZERO_ADDRESS) ? 'BURNED' : null;
    if (!isSame(from, ZERO_ADDRESS)) this.balances.set(from, (this.balances.get(from) ?? 0n) - moved);
    if (!isSame(to, ZERO_ADDRESS)) this.balances.set(to, (this.balances.get(to) ?? 0n) + moved);
    if (change === null || isSame(from, to)) return;
    this.supply += change === 'MINTED' ? moved : -moved;
    put('supply', { change, account: change === 'MINTED' ? to : from, amount, supply: `${this.supply}` });
  }
}
