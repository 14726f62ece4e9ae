import { useState } from 'react';
import { useClient } from 'urql';
import { ask } from '../../api/ask.js';
import { useAsked } from '../../api/asked.js';
import type { Told } from '../../api/errors.js';
import {
  DifferenceReportsDocument,
  ProjectionDifferencesDocument,
  type ProjectionDifferencesQuery,
} from '../../api/operations.gen.js';
import { Ago, Badge } from '../../ui/parts.js';
import type { Build } from '../live.js';
import { useNowAndThen } from '../news.js';
import { Differences } from './Differences.js';

type Found = ProjectionDifferencesQuery['projectionDifferences'];

/** What was found of a build once it was ready, as it was kept; and, when asked for, what differs now. */
export function Compared({ build, projection }: { readonly projection: string; readonly build: Build }) {
  const client = useClient();
  const { data, refused: unread } = useAsked({
    document: DifferenceReportsDocument,
    variables: { projection },
    version: `${build.explained}/${useNowAndThen()}`,
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
    const heard = await ask(client, ProjectionDifferencesDocument, asked);
    setComparing(false);
    if (heard.refused === null) setFound(heard.answer.projectionDifferences);
    else setRefused(heard.refused);
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
      {unread === null ? null : <p className="refused">{unread.message}</p>}
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
