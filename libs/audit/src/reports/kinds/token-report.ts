import type { Transfer } from '@abland/domain';
import { canonicalJson, type JsonValue } from '@abland/audit-verify';
import type { RecordedEvent } from '@abland/kernel';
import type { ReportQuery } from '../folding/query.js';
import { isWithin, type Put, type ReportFolding, type ReportKind, type Row } from '../folding/report.js';
import type { FactAt } from '../folding/standing-facts.js';
import { isBefore, isSame, PLACE_COLUMNS, placeColumns } from './columns.js';

type Query = Extract<ReportQuery, { readonly kind: 'TOKEN' }>;

const ZERO = `0x${'0'.repeat(40)}`;
/** Facts of a chain's governance, whichever token they are about: they decide on its contracts. */
const GOVERNANCE = /^(Proposal|Vote|Timelock|Governance|Quorum|Voting)/;

/** What becomes of a token: its supply, who holds it at the end of the period, what its creator and governance did. */
export const TOKEN_REPORT: ReportKind<Query> = {
  version: 1,
  files: {
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
    if (GOVERNANCE.test(type)) put('governance', { type, details: canonicalJson(data as JsonValue) });
    else if (!isOfToken) return;
    else if (type === 'Transfer') this.transfer(data as Transfer['data'], put);
    else if (type !== 'Approval') put('facts', { type, details: canonicalJson(data as JsonValue) });
  }

  *end(): Iterable<readonly [string, Row]> {
    const holders = [...this.balances].filter(([, balance]) => balance !== 0n);
    holders.sort(([one, a], [other, b]) => (a === b ? (one < other ? -1 : 1) : a > b ? -1 : 1));
    for (const [at, [holder, balance]] of holders.entries())
      yield ['holders', { rank: `${at + 1}`, holder, balance: `${balance}` }];
  }

  private transfer({ amount, from, to }: Transfer['data'], put: Put): void {
    const moved = BigInt(amount);
    const change = isSame(from, ZERO) ? 'MINTED' : isSame(to, ZERO) ? 'BURNED' : null;
    if (!isSame(from, ZERO)) this.balances.set(from, (this.balances.get(from) ?? 0n) - moved);
    if (!isSame(to, ZERO)) this.balances.set(to, (this.balances.get(to) ?? 0n) + moved);
    if (change === null || isSame(from, to)) return;
    this.supply += change === 'MINTED' ? moved : -moved;
    put('supply', { change, account: change === 'MINTED' ? to : from, amount, supply: `${this.supply}` });
  }
}
