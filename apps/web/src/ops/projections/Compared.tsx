import { useState } from 'react';
import { useClient, useQuery } from 'urql';
import { type Told, toldOf } from '../../api/errors.js';
import {
  DifferenceReportsDocument,
  ProjectionDifferencesDocument,
  type ProjectionDifferencesQuery,
} from '../../api/operations.gen.js';
import { Ago, Badge } from '../../ui/parts.js';
import type { Build } from '../live.js';
import { Differences } from './Differences.js';

type Found = ProjectionDifferencesQuery['projectionDifferences'];

/** What was found of a build once it was ready, as it was kept; and, when asked for, what differs now. */
export function Compared({ build, projection }: { readonly projection: string; readonly build: Build }) {
  const client = useClient();
  const [{ data, error }] = useQuery({
    query: DifferenceReportsDocument,
    variables: { projection },
  });
  const [found, setFound] = useState<Found | null>(null);
  const [isComparing, setComparing] = useState(false);
  const [refused, setRefused] = useState<Told | null>(null);
  const report = data?.differenceReports.find((one) => one.build === build.build);
  const shown = found ?? (build.explained === null ? undefined : report);
  const compare = async (): Promise<void> => {
    setComparing(true);
    setRefused(null);
    const asked = { projection, build: build.build };
    const answer = await client.query(ProjectionDifferencesDocument, asked).toPromise();
    setComparing(false);
    if (answer.error !== undefined) setRefused(toldOf(answer.error));
    else if (answer.data !== undefined) setFound(answer.data.projectionDifferences);
  };
  return (
    <section className="differences">
      <h3>Build {build.build} beside the live one</h3>
      {build.explained === false ? (
        <p>
          <Badge tone="warn">Unexplained</Badge> It waits for an operator: what differs is not explained by
          its definition.
        </p>
      ) : null}
      {refused === null ? null : <p className="refused">{refused.message}</p>}
      {error === undefined ? null : <p className="refused">{toldOf(error).message}</p>}
      {shown === undefined ? (
        <p className="faint">The projector compares all rows…</p>
      ) : (
        <Differences found={shown} />
      )}
      <p className="faint">
        {found === null && report !== undefined && shown === report ? (
          <>
            Compared <Ago at={report.madeAt} />.{' '}
          </>
        ) : null}
        <button type="button" disabled={isComparing} onClick={() => void compare()}>
          {isComparing ? 'Comparing all rows…' : 'Compare now'}
        </button>
      </p>
    </section>
  );
}
