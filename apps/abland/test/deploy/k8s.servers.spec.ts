import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type Environment,
  loadApiConfig,
  loadIndexerConfig,
  loadMigrationConfig,
  loadProjectorConfig,
  loadWorkerConfig,
} from '@abland/platform';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import {
  built,
  type Container,
  K8S,
  type Labels,
  matches,
  OVERLAYS,
  type Pod,
  PROGRAMS,
  type Resource,
  resourcesOf,
  secretPathsOf,
} from './built-overlays.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const text = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const LOADERS: Readonly<Record<string, (env: Environment) => unknown>> = {
  api: loadApiConfig,
  indexer: loadIndexerConfig,
  migrate: loadMigrationConfig,
  projector: loadProjectorConfig,
  worker: loadWorkerConfig,
};
const SECRETS: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://abland:x@postgres.example/abland',
  DATABASE_READ_URL: 'postgres://abland:x@replica.example/abland',
  REDIS_URL: 'redis://redis.example',
  JWT_SECRET: 'a secret of more than thirty-two characters',
  PERSONAL_DATA_KEY: Buffer.alloc(32, 1).toString('base64'),
  RELAYER_PRIVATE_KEYS: `0x${'1'.repeat(64)}`,
  ANCHOR_PRIVATE_KEY: `0x${'2'.repeat(64)}`,
  LOG_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
  KAFKA_SASL_PASSWORD: 'x',
};
/** Whoever deploys has to say where they are. */
const CONTRACTS = {
  TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}`,
  LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
  CHECKPOINT_ADDRESS: `0x${'3'.repeat(40)}`,
};
/** By the settings that name it, to whom a program connects. */
const DESTINATIONS = [
  { policy: 'to-postgresql', setting: 'DATABASE_URL', port: 5432, butNot: [] },
  { policy: 'to-eventstoredb', setting: 'EVENTSTORE_URL', port: 2113, butNot: ['migrate'] },
  { policy: 'to-kafka', setting: 'KAFKA_BROKERS', port: 9092, butNot: [] },
  { policy: 'to-redis', setting: 'REDIS_URL', port: 6379, butNot: [] },
  { policy: 'to-providers', setting: 'CHAIN_RPC_URLS', port: 443, butNot: [] },
];
const RESTRICTED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
const STOP_SECONDS =
  Number(/STOP_WITHIN_MS = ([\d_]+)/.exec(text('libs/platform/src/program.ts'))?.[1]?.replace('_', '')) /
  1_000;

interface Workload {
  readonly name: string;
  readonly resource: Resource;
  readonly labels: Labels;
  readonly pod: Pod;
  readonly container: Container;
}

describe.each(OVERLAYS)('the overlay %s', (overlay) => {
  let resources: readonly Resource[] = [];
  let workloads: readonly Workload[] = [];
  let settings: Readonly<Record<string, string>> = {};

  const ofKind = (kind: string): readonly Resource[] =>
    resources.filter((resource) => resource.kind === kind);
  const programs = (): readonly Workload[] => workloads.filter(({ name }) => LOADERS[name] !== undefined);
  const deployments = (): readonly Workload[] =>
    workloads.filter(({ resource }) => resource.kind === 'Deployment');
  const policy = (name: string): Resource | undefined =>
    ofKind('NetworkPolicy').find(({ metadata }) => metadata.name === name);

  beforeAll(async () => {
    resources = resourcesOf(await built(overlay));
    workloads = resources.flatMap((resource) => {
      const { metadata, spec: { template } = {} } = resource;
      const [container, ...others] = template?.spec.containers ?? [];
      if (template === undefined || container === undefined) return [];
      expect([metadata.name, others]).toEqual([metadata.name, []]);
      return [
        { name: metadata.name, resource, labels: template.metadata.labels, pod: template.spec, container },
      ];
    });
    settings = ofKind('ConfigMap').find(({ metadata }) => metadata.name.startsWith('settings-'))?.data ?? {};
  });

  /** As the program has it in its container, with secrets of ours. */
  function environmentOf({ container, name }: Workload): Record<string, string | undefined> {
    expect(container.envFrom).toEqual([{ configMapRef: { name: expect.stringMatching(/^settings-/) } }]);
    const env: Record<string, string | undefined> = { ...settings };
    for (const { name: variable, value } of container.env ?? []) {
      const secret = variable.replace(/_FILE$/, '');
      env[secret] = secret === variable ? value : SECRETS[secret];
    }
    for (const [variable, address] of Object.entries(CONTRACTS)) env[variable] ||= address;
    expect([name, Object.keys(env).filter((one) => env[one] === undefined)]).toEqual([name, []]);
    return env;
  }

  it('has every program, those that write twice, and none of these where it reads alone', () => {
    const isReader = overlay === 'region-reads';
    const names = [...PROGRAMS, 'nginx', ...(isReader ? [] : ['migrate'])];
    expect(workloads.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    for (const { name, resource } of deployments())
      if (name !== 'api' && name !== 'nginx')
        expect([name, resource.spec?.replicas]).toEqual([name, isReader ? 0 : 2]);
  });

  it('asks each of its health where it tells it, and starts nothing anew for what that depends on', () => {
    for (const { container, name } of deployments()) {
      const { livenessProbe, ports = [], readinessProbe, startupProbe } = container;
      const { lives, ready } =
        name === 'nginx'
          ? { lives: { tcpSocket: { port: 'plain' } }, ready: { tcpSocket: { port: 'tls' } } }
          : {
              lives: { httpGet: { path: '/health', port: 'http' } },
              ready: { httpGet: { path: '/ready', port: 'http' } },
            };
      expect([name, livenessProbe]).toEqual([name, expect.objectContaining(lives)]);
      expect([name, readinessProbe]).toEqual([name, expect.objectContaining(ready)]);
      if (name === 'nginx') continue;
      expect([name, startupProbe]).toEqual([name, expect.objectContaining(lives)]);
      const told = container.env?.find(
        (one) => one.name === (name === 'api' ? 'PORT' : 'METRICS_PORT'),
      )?.value;
      expect([name, ports]).toEqual([name, [{ name: 'http', containerPort: Number(told) }]]);
    }
  });

  it('bounds what each takes, and reserves it', () => {
    for (const { container, name } of workloads)
      for (const kind of ['requests', 'limits'] as const)
        expect([name, kind, container.resources?.[kind]]).toEqual([
          ...[name, kind],
          { cpu: expect.any(String), memory: expect.any(String), 'ephemeral-storage': expect.any(String) },
        ]);
    for (const { name, pod } of workloads)
      for (const { emptyDir, name: volume } of pod.volumes ?? [])
        if (emptyDir !== undefined)
          expect([name, volume, emptyDir.sizeLimit]).toEqual([name, volume, expect.any(String)]);
  });

  it('gives nobody rights: no root, nothing that can be written but what is named, no token, as pods are restricted', () => {
    const [namespace] = ofKind('Namespace');
    expect(namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce']).toBe('restricted');
    for (const { container, name, pod } of workloads) {
      expect([name, container.securityContext]).toEqual([name, RESTRICTED]);
      expect([name, pod.securityContext]).toEqual([
        name,
        expect.objectContaining({
          runAsNonRoot: true,
          runAsUser: expect.any(Number),
          seccompProfile: { type: 'RuntimeDefault' },
        }),
      ]);
      expect([name, pod.automountServiceAccountToken, pod.serviceAccountName]).toEqual([name, false, name]);
    }
    const accounts = ofKind('ServiceAccount');
    expect(accounts.every((account) => account.automountServiceAccountToken === false)).toBe(true);
    const named = accounts.map(({ metadata }) => metadata.name);
    for (const { name } of workloads) expect(named).toContain(name);
    expect(resources.filter(({ apiVersion }) => apiVersion.startsWith('rbac'))).toEqual([]);
  });

  it('waits for as long as a stop takes', () => {
    expect(STOP_SECONDS).toBeGreaterThan(0);
    for (const { container, name, pod } of programs()) {
      const before = container.lifecycle?.preStop.sleep.seconds ?? 0;
      const grace = pod.terminationGracePeriodSeconds ?? 0;
      expect([name, grace >= before + STOP_SECONDS + 3]).toEqual([name, true]);
    }
  });

  it('lets nobody reach anybody but who is named', () => {
    expect(policy('nothing')?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    for (const { destination, name, sources } of [
      { name: 'strangers-to-nginx', destination: 'nginx', sources: undefined },
      {
        name: 'nginx-to-api',
        destination: 'api',
        sources: [{ podSelector: { matchLabels: component('nginx') } }],
      },
    ]) {
      const spec = policy(name)?.spec;
      expect([name, spec?.podSelector, spec?.ingress?.map(({ from }) => from)]).toEqual([
        ...[name, { matchLabels: component(destination) }],
        [sources],
      ]);
    }
  });

  it.each(DESTINATIONS)(
    'lets programs get $policy by $setting, and no other',
    ({ butNot, port, policy: name, setting }) => {
      const spec = policy(name)?.spec;
      expect(spec?.policyTypes).toEqual(['Egress']);
      expect(spec?.egress?.flatMap(({ ports }) => ports.map((one) => one.port))).toEqual([port]);
      const allowed = workloads.filter(({ labels }) => matches(spec?.podSelector, labels));
      const connect = programs().filter((program) =>
        readBy(program.name, environmentOf(program)).has(setting),
      );
      const expected = connect.map((one) => one.name).filter((one) => !butNot.includes(one));
      expect(allowed.map((one) => one.name).toSorted()).toEqual(expected.toSorted());
    },
  );

  it('tells each program all that it needs, in settings that it knows, so that it would start', () => {
    for (const program of programs()) {
      const env = environmentOf(program);
      expect(() => LOADERS[program.name]?.(env)).not.toThrow();
    }
  });

  it('sets nothing that docs/configuration.md does not name', () => {
    const document = text('docs/configuration.md');
    const own = programs().flatMap(({ container }) => (container.env ?? []).map(({ name }) => name));
    for (const name of [...Object.keys(settings), ...own])
      expect([name, document.includes(`\`${name.replace(/_FILE$/, '')}\``)]).toEqual([name, true]);
  });

  it('gives each program its own secrets as files of a Secret, and no other’s', () => {
    expect(ofKind('Secret')).toEqual([]);
    for (const program of programs()) {
      const { container, name, pod } = program;
      const named = (container.env ?? []).filter((one) => one.name.endsWith('_FILE'));
      expect([name, named.map(({ value }) => value).toSorted()]).toEqual([
        name,
        secretPathsOf(pod).toSorted(),
      ]);
      const read = readBy(name, environmentOf(program));
      for (const { name: variable } of named)
        expect([name, variable, read.has(variable.replace('_FILE', ''))]).toEqual([name, variable, true]);
    }
    const plain = [
      ...Object.keys(settings),
      ...workloads.flatMap(({ container }) => (container.env ?? []).map((one) => one.name)),
    ].filter((name) => /PASSWORD|SECRET|PRIVATE|_KEY/.test(name) && !name.endsWith('_FILE'));
    expect(plain).toEqual([]);
    for (const value of Object.values(settings)) expect(value).not.toMatch(/:\/\/[^\s/]*:[^\s/]*@/);
  });

  it('takes its images from one setting each, by a version', () => {
    const images = new Set(workloads.map(({ container }) => container.image));
    const program = workloads.find(({ name }) => name === 'api')?.container.image ?? '';
    for (const { container, name } of programs()) expect([name, container.image]).toEqual([name, program]);
    expect(images.size).toBe(2);
    for (const image of images) expect(image).toMatch(/:\d/);
    for (const file of readdirSync(`${K8S}base`).filter((name) => name.endsWith('.yaml')))
      for (const [, image] of readFileSync(`${K8S}base/${file}`, 'utf8').matchAll(/ image: (\S+)/g))
        expect([file, image]).toEqual([file, expect.stringMatching(/^(?:abland|nginx)$/)]);
  });

  it('takes no more than one of a kind away at a time, keeps them apart, and replaces none before the next is ready', () => {
    const budgets = ofKind('PodDisruptionBudget');
    for (const { labels, name, pod, resource } of deployments()) {
      const of = budgets.filter(({ spec }) => matches(spec?.selector, labels));
      expect([name, of.map(({ spec }) => spec)]).toEqual([
        name,
        [expect.objectContaining({ maxUnavailable: 1 })],
      ]);
      expect([name, pod.topologySpreadConstraints?.map(({ topologyKey }) => topologyKey)]).toEqual([
        ...[name, ['topology.kubernetes.io/zone', 'kubernetes.io/hostname']],
      ]);
      expect([name, resource.spec?.strategy]).toEqual([
        ...[name, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }],
      ]);
    }
  });

  it('makes as many APIs as are asked, by what the API tells of itself', () => {
    const [scaler, ...others] = ofKind('HorizontalPodAutoscaler');
    expect(others).toEqual([]);
    expect(scaler?.spec?.scaleTargetRef?.name).toBe('api');
    const target = deployments().find(({ name }) => name === 'api');
    expect(target?.resource.spec?.replicas).toBeUndefined();
    const { rules } = parse(readFileSync(`${K8S}monitoring/adapter-rules.yaml`, 'utf8')) as {
      readonly rules: readonly { readonly seriesQuery: string; readonly name: { readonly as: string } }[];
    };
    const asked = scaler?.spec?.metrics?.flatMap(({ pods }) =>
      pods === undefined ? [] : [pods.metric.name],
    );
    expect(asked).toEqual(rules.map(({ name }) => name.as));
    const [, series] = /^(\w+)_count\{/.exec(rules[0]?.seriesQuery ?? '') ?? [];
    expect(text('apps/api/src/health/api-metrics.ts')).toContain(`name: '${series}'`);
  });

  it('is watched: each program by its name, by the rules that are tested', () => {
    const [monitor] = ofKind('ServiceMonitor');
    const services = ofKind('Service').filter(({ metadata }) =>
      matches(monitor?.spec?.selector, metadata.labels ?? {}),
    );
    expect(
      services.map(({ metadata }) => metadata.labels?.[monitor?.spec?.jobLabel ?? '']).toSorted(),
    ).toEqual([...PROGRAMS]);
    for (const { metadata, spec } of services) {
      const selected = workloads.filter(({ labels }) =>
        matches({ matchLabels: spec?.selector as Labels }, labels),
      );
      expect(selected.map(({ name }) => name)).toEqual([metadata.name]);
      expect(spec?.ports?.map(({ name, targetPort }) => [name, targetPort])).toEqual([['http', 'http']]);
    }
    const [rule] = ofKind('PrometheusRule');
    expect(rule?.spec).toEqual(parse(text('deploy/observability/rules/abland.rules.yml')));
  });

  it('asks NGINX as it is elsewhere for the APIs of this cluster', () => {
    const files = ofKind('ConfigMap').find(({ metadata }) => metadata.name.startsWith('nginx-'))?.data ?? {};
    for (const name of ['nginx.conf', 'locations.conf', 'proxy.conf', 'maintenance.html'])
      expect([name, files[name]]).toEqual([name, text(`deploy/nginx/${name}`)]);
    const api = ofKind('Service').find(({ metadata }) => metadata.name === 'api');
    expect(api?.spec).toMatchObject({ clusterIP: 'None' });
    expect(files['upstream.conf']).toContain('server api.abland.svc.cluster.local:4000 resolve');
  });
});

const component = (name: string): Labels => ({ 'app.kubernetes.io/component': name });

/** The settings that a program asks its environment for. */
function readBy(name: string, environment: Environment): ReadonlySet<string> {
  const names = new Set<string>();
  const get = (env: Environment, variable: string | symbol): string | undefined => {
    names.add(String(variable));
    return env[String(variable)];
  };
  LOADERS[name]?.(new Proxy<Environment>(environment, { get }));
  return names;
}
