import type { ProjectionDifferencesQuery } from '../../api/operations.gen.js';
import { count } from '../../format/numbers.js';
import { Badge, Fact, Facts } from '../../ui/parts.js';

type Found = ProjectionDifferencesQuery['projectionDifferences'];
type Table = Found['tables'][number];

/** What readers would see otherwise once the build is promoted. */
export function Differences({ found }: { readonly found: Found }) {
  const { checksums, position, tables } = found;
  return (
    <>
      {tables.length === 0 ? (
        <p>
          <Badge tone="good">No difference</Badge> Every row of both is the same after event{' '}
          {position === null ? 'none' : count(position)}.
        </p>
      ) : (
        tables.map((table) => <TableDifferences key={table.table} table={table} />)
      )}
      {checksums === null ? null : (
        <Facts>
          <Fact name="Checksum, live">
            <code className="checksum">{checksums.live}</code>
          </Fact>
          <Fact name="Checksum, build">
            <code className="checksum">
              {checksums.build === checksums.live ? 'the same' : checksums.build}
            </code>
          </Fact>
        </Facts>
      )}
    </>
  );
}

function TableDifferences({ table }: { readonly table: Table }) {
  const rows = [
    ['changed', table.changed],
    ['only in the live one', table.onlyLive],
    ['only in the build', table.onlyBuild],
  ] as const;
  return (
    <div className="difference">
      <p>
        <code>{table.table}</code>{' '}
        {table.explained ? (
          <Badge tone="good">Explained by the definition</Badge>
        ) : (
          <Badge tone="warn">{count(table.unexplained)} rows differ unexplained</Badge>
        )}
      </p>
      <p>
        {rows
          .filter(([, rowCount]) => rowCount > 0)
          .map(([name, rowCount]) => `${count(rowCount)} ${name}`)
          .join(', ')}
        {table.added.length === 0 ? null : <> Added: {table.added.join(', ')}.</>}
        {table.removed.length === 0 ? null : <> Removed: {table.removed.join(', ')}.</>}
      </p>
      {table.sample.map((row) => (
        <details key={row.key}>
          <summary>
            <code>{row.key}</code> {row.columns.join(', ')}
          </summary>
          <div className="both">
            <pre>{prettyRow(row.live)}</pre>
            <pre>{prettyRow(row.build)}</pre>
          </div>
        </details>
      ))}
    </div>
  );
}

const prettyRow = (json: string | null): string =>
  json === null ? 'no such row' : JSON.stringify(JSON.parse(json), null, 1);
