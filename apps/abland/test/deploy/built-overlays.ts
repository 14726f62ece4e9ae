import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installKustomize } from '@abland/testing/kubernetes';
import { parseAllDocuments } from 'yaml';

export const K8S = fileURLToPath(new URL('../../../../deploy/k8s/', import.meta.url));
export const OVERLAYS = readdirSync(`${K8S}overlays`);
export const PROGRAMS = ['api', 'indexer', 'projector', 'worker'] as const;

/** What is looked at of whatever a cluster is given; each kind has some of it. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels };
  readonly automountServiceAccountToken?: boolean;
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Spec;
}
export type Labels = Readonly<Record<string, string>>;

interface Spec {
  readonly replicas?: number;
  readonly strategy?: unknown;
  readonly selector?: Selector & Labels;
  readonly template?: { readonly metadata: { readonly labels: Labels }; readonly spec: Pod };
  readonly ports?: readonly Port[];
  readonly podSelector?: Selector;
  readonly policyTypes?: readonly string[];
  readonly egress?: readonly { readonly to: unknown; readonly ports: readonly { readonly port: number }[] }[];
  readonly ingress?: readonly { readonly from?: unknown }[];
  readonly scaleTargetRef?: { readonly name: string };
  readonly metrics?: readonly { readonly pods?: { readonly metric: { readonly name: string } } }[];
  readonly jobLabel?: string;
  readonly groups?: unknown;
}

export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
}

interface Port {
  readonly name: string;
  readonly containerPort?: number;
  readonly targetPort?: string;
}

export interface Pod {
  readonly automountServiceAccountToken?: boolean;
  readonly serviceAccountName?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly topologySpreadConstraints?: readonly { readonly topologyKey: string }[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
}

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
  readonly tcpSocket?: { readonly port: string };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly ports?: readonly Port[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly resources?: Readonly<Record<'requests' | 'limits', Labels>>;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

interface Items {
  readonly secretName?: string;
  readonly name?: string;
  readonly items: readonly { readonly key: string; readonly path: string }[];
}

interface Volume {
  readonly name: string;
  readonly secret?: Items;
  readonly projected?: { readonly sources: readonly { readonly secret: Items }[] };
  readonly emptyDir?: { readonly sizeLimit?: string };
}

/** What `kubectl apply -k` would give a cluster, as text. */
export async function built(overlay: string): Promise<string> {
  const kustomize = await installKustomize();
  return execFileSync(kustomize, ['build', `${K8S}overlays/${overlay}`], { encoding: 'utf8' });
}

export const resourcesOf = (text: string): readonly Resource[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Resource);

/** Of each secret that a pod is given: the path in its container. */
export function secretPathsOf({ containers, volumes = [] }: Pod): readonly string[] {
  const mounts = containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
  return volumes.flatMap(({ name, projected, secret }) => {
    const at = mounts.find((mount) => mount.name === name)?.mountPath ?? '';
    const given = [...(secret ? [secret] : []), ...(projected?.sources ?? []).map((source) => source.secret)];
    return given.flatMap(({ items }) => items.map(({ path }) => `${at}/${path}`));
  });
}

export const matches = (
  { matchExpressions = [], matchLabels = {} }: Selector | undefined = {},
  labels: Labels,
): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ''));
