import { createContext, type ReactNode, useContext, useEffect, useMemo, useReducer, useState } from 'react';
import { type TypedDocumentNode, useClient } from 'urql';
import { connectionHeard, connectionLost } from '../api/connection.js';
import {
  FollowPipelineDocument,
  type FollowPipelineSubscription,
  FollowProjectionsDocument,
  type FollowProjectionsSubscription,
  OperationsDocument,
  ViewerDocument,
} from '../api/operations.gen.js';
import { signOut } from '../session/sign-in.js';
import { Empty } from '../ui/parts.js';
import { useAsked } from '../api/asked.js';
import { versionOf } from './versions.js';

export type Pipeline = FollowPipelineSubscription['pipeline'];
export type PipelineStage = Pipeline['stages'][number];
export type Projection = FollowProjectionsSubscription['projections'];
export type Build = Projection['builds'][number];

interface Live {
  /** Null before the first word of the server. */
  readonly pipeline: Pipeline | null;
  readonly projections: readonly Projection[];
  /** How much there is to look at, by the page that shows it. */
  readonly troubles: Readonly<Record<string, number>>;
}

const SILENT_MS = 5_000;
const AGAIN_MS = 1_000;
const AWAITING_MAX = 100;
const LiveContext = createContext<Live>({ pipeline: null, projections: [], troubles: {} });
export const useLive = (): Live => useContext(LiveContext);

/** Follows how everything is, for all pages. Who may not read it is told so in their place. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [pipeline, setPipeline] = useState<Pipeline | null>(null);
  const [projections, told] = useReducer(withProjection, []);
  const { data } = useAsked({ document: ViewerDocument, variables: {}, version: '' });
  const mayRead = data?.viewer.permissions.includes('READ_INTERNAL') ?? null;
  useFollow(FollowPipelineDocument, mayRead, ({ pipeline: next }) => setPipeline(next));
  useFollow(FollowProjectionsDocument, mayRead, ({ projections: next }) => told(next));
  useEffect(() => {
    if (pipeline === null) return undefined;
    connectionHeard(pipeline.logHead === null ? null : BigInt(pipeline.logHead), Date.now());
    const timer = setTimeout(() => connectionLost(Date.now()), SILENT_MS);
    return () => clearTimeout(timer);
  }, [pipeline]);
  const awaiting = useAwaiting(projections, mayRead === true);
  const live = useMemo(
    () => ({
      pipeline,
      projections,
      troubles: { ...troublesOf(pipeline, projections), '/ops/acts': awaiting },
    }),
    [awaiting, pipeline, projections],
  );
  if (mayRead === false) return <NotAnOperator />;
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** Follows, once it is known that one may; what ended is begun again. */
function useFollow<Data>(
  document: TypedDocumentNode<Data, Record<string, never>>,
  may: boolean | null,
  onData: (data: Data) => void,
): void {
  const client = useClient();
  const [round, again] = useReducer((before: number) => before + 1, 0);
  useEffect(() => {
    if (may !== true) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const { unsubscribe } = client.subscription(document, {}).subscribe(({ data, error }) => {
      if (data !== undefined && data !== null) onData(data as Data);
      if (error !== undefined) timer ??= setTimeout(again, AGAIN_MS);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [client, may, round]);
}

const withProjection = (all: readonly Projection[], one: Projection): readonly Projection[] =>
  [...all.filter(({ name }) => name !== one.name), one].sort((a, b) => (a.name < b.name ? -1 : 1));

/** How many acts wait for a second operator, of the first hundred. */
function useAwaiting(projections: readonly Projection[], may: boolean): number {
  const { data } = useAsked({
    document: OperationsDocument,
    variables: { first: AWAITING_MAX, after: null, status: 'AWAITING_APPROVAL' },
    version: versionOf(projections, 'operations'),
    isWanted: may,
  });
  return data?.operations.edges.length ?? 0;
}

function troublesOf(pipeline: Pipeline | null, projections: readonly Projection[]): Record<string, number> {
  const stages = pipeline?.stages ?? [];
  const builds = projections.flatMap((one) => one.builds);
  return {
    '/ops': stages.filter(({ state }) => state !== 'RUNNING').length,
    '/ops/projections': builds.filter(({ activity, state }) => state === 'FAILED' || activity === 'STALLED')
      .length,
    '/ops/parked': builds.reduce((sum, { parked, state }) => sum + (state === 'LIVE' ? parked : 0), 0),
  };
}

function NotAnOperator() {
  const client = useClient();
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <Empty title="These pages are for operators">
          This account is none of them: an admin grants the role, and <code>OPERATOR_ADDRESSES</code> names
          the first admins.
        </Empty>
        <button type="button" className="main" onClick={() => void signOut(client)}>
          Sign in as somebody else
        </button>
      </div>
    </main>
  );
}
