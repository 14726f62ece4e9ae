import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const text = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const SOURCE = text('docker-compose.yml');

interface Service {
  readonly image?: string;
  readonly command?: string | readonly string[];
  readonly restart?: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly cpus?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly profiles?: readonly string[];
}

interface File {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const PROGRAMS = [
  'api-1',
  'api-2',
  'indexer',
  'indexer-standby',
  'projector',
  'projector-standby',
  'worker',
  'worker-standby',
];
/** Read by what carries the containers' lines away, and changed by nobody. */
const DOCKERS_LOGS = '/var/lib/docker/containers';
/** With a health check of their images, or none to be asked for. */
const HEALTH_OF_IMAGE = [...PROGRAMS, 'chain', 'ipfs'];
/** What a program needs, by docs/configuration.md; and no other's. */
const SECRETS_OF: Readonly<Record<string, readonly string[]>> = {
  api: ['database_url', 'database_read_url', 'redis_url', 'jwt_secret', 'personal_data_key'],
  indexer: ['database_url'],
  projector: ['database_url'],
  worker: ['database_url', 'relayer_private_keys', 'log_signing_key'],
  migrate: ['database_url'],
};

describe('docker-compose.yml', () => {
  const { secrets, services, volumes } = parse(SOURCE, { merge: true }) as File;
  const all = Object.entries(services);
  let envExample = '';
  beforeAll(() => {
    envExample = text('.env.example');
  });

  it('bounds the memory and the processor of each part, and says what becomes of one that ends', () => {
    for (const [name, { cpus, mem_limit, restart }] of all) {
      expect([name, mem_limit, cpus]).toEqual([name, expect.stringMatching(/^\d+[mg]$/), expect.any(Number)]);
      expect([name, restart]).toEqual([name, name === 'migrate' ? 'no' : 'unless-stopped']);
    }
  });

  it('gives programs no right to change their files or to become another', () => {
    for (const name of [...PROGRAMS, 'migrate', 'chain', 'nginx']) {
      const { cap_drop, read_only, security_opt } = services[name] ?? {};
      expect([name, read_only, cap_drop, security_opt]).toEqual([
        name,
        true,
        ['ALL'],
        ['no-new-privileges:true'],
      ]);
    }
    for (const [name, { security_opt }] of all)
      expect([name, security_opt]).toEqual([name, ['no-new-privileges:true']]);
  });

  it('starts nothing before what it needs is well, and programs after the migrations', () => {
    for (const [name, { depends_on = {} }] of all)
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        expect([name, needed, condition]).toEqual([
          name,
          needed,
          needed === 'migrate' ? 'service_completed_successfully' : 'service_healthy',
        ]);
        const { healthcheck } = services[needed] ?? {};
        if (needed !== 'migrate' && !HEALTH_OF_IMAGE.includes(needed))
          expect([needed, healthcheck?.test?.[0]]).toEqual([needed, expect.stringMatching(/^CMD/)]);
      }
    for (const name of PROGRAMS)
      expect(Object.keys(services[name]?.depends_on ?? {})).toEqual(
        expect.arrayContaining(['migrate', 'kafka', 'eventstoredb', 'chain']),
      );
  });

  it('gives each program its own secrets, as files, and no other’s', () => {
    for (const name of [...PROGRAMS, 'migrate']) {
      const { environment = {}, secrets: given = [] } = services[name] ?? {};
      expect([name, given.toSorted()]).toEqual([name, SECRETS_OF[name.split('-')[0] ?? '']?.toSorted()]);
      const named = Object.entries(environment).filter(([variable]) => variable.endsWith('_FILE'));
      expect(named.map(([, path]) => path).toSorted()).toEqual(
        given.map((secret) => `/run/secrets/${secret}`).toSorted(),
      );
    }
    for (const [name, { file }] of Object.entries(secrets))
      expect(file).toBe(`\${SECRETS_DIR:-./deploy/compose/secrets}/${name}`);
    const used = new Set(all.flatMap(([, service]) => service.secrets ?? []));
    expect([...used].toSorted()).toEqual(Object.keys(secrets).toSorted());
  });

  it('has no password in it, and makes every secret', () => {
    for (const [name, { environment = {} }] of all)
      for (const variable of Object.keys(environment).filter((one) =>
        /PASSWORD|SECRET|PRIVATE|_KEY/.test(one),
      ))
        expect([name, variable]).toEqual([name, expect.stringMatching(/_FILE$/)]);
    expect(SOURCE).not.toMatch(/:\/\/[^\s/]*:[^\s/]*@/);
    const made = text('deploy/compose/secrets.mjs');
    for (const name of Object.keys(secrets)) expect(made).toContain(name);
  });

  it('is asked from outside by NGINX alone, and by this machine for what watches it and the development chain', () => {
    const within = (network: string): string[] =>
      all
        .filter(([, { networks = [] }]) => networks.includes(network))
        .map(([name]) => name)
        .toSorted();
    const outside = [...within('outside'), ...within('kibana')];
    expect(within('outside')).toEqual(['chain', 'grafana', 'nginx', 'prometheus']);
    // What asks for no password is reached by nobody who could be reached from elsewhere.
    expect(within('kibana')).toEqual(['kibana']);
    expect(within('logs')).toEqual(['elasticsearch', 'filebeat', 'kibana']);
    for (const [name, { ports = [] }] of all) {
      if (!outside.includes(name)) expect([name, ports]).toEqual([name, []]);
      if (name !== 'nginx') for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('keeps what is to be kept in named volumes, and mounts files that are there', () => {
    for (const [name, service] of all)
      for (const mount of service.volumes ?? []) {
        const [from = '', , mode] = mount.split(':');
        if (from.startsWith('./')) {
          expect([name, mount, mode]).toEqual([name, mount, 'ro']);
          expect(() => readFileSync(`${root}${from.slice(2)}`) || true).not.toThrow(/ENOENT/);
        } else if (from.startsWith('/'))
          expect([name, mount]).toEqual(['filebeat', `${DOCKERS_LOGS}:${DOCKERS_LOGS}:ro`]);
        else expect(Object.keys(volumes)).toContain(from);
      }
    for (const name of ['postgres', 'postgres-replica', 'eventstoredb', 'kafka', 'chain'])
      expect(services[name]?.volumes?.join()).toContain(`${name}:/`);
  });

  it('takes images by a version, never whichever is the newest', () => {
    for (const [name, { image = '' }] of all)
      if (!image.startsWith('${')) expect([name, image]).toEqual([name, expect.stringMatching(/:v?\d/)]);
  });

  it('is explained by .env.example, each variable that must or may be set', () => {
    const asked = new Set([...SOURCE.matchAll(/\$\{([A-Z_]+)/g)].map(([, name = '']) => name));
    const explained = [...envExample.matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name);
    expect(explained.toSorted()).toEqual([...asked].filter((name) => name !== 'SECRETS_DIR').toSorted());
    expect(envExample).toContain('SECRETS_DIR');
  });

  it('asks the APIs and scrapes the programs that there are', () => {
    const upstream = [...text('deploy/nginx/upstream.conf').matchAll(/server ([a-z0-9-]+):4000/g)].map(
      ([, name]) => name,
    );
    expect(upstream).toEqual(['api-1', 'api-2']);
    const scraped = [
      ...text('deploy/observability/prometheus.yml').matchAll(/"?([a-z0-9-]+):(?:4000|9464)"?/g),
    ].map(([, name]) => name);
    expect(scraped.toSorted()).toEqual(PROGRAMS.toSorted());
    expect(readdirSync(`${root}deploy/postgres`).toSorted()).toEqual(['allow-replication.sh', 'replica.sh']);
  });

  it('anchors by a file beside it that gives the workers the key as a file, and names nothing that is not explained', () => {
    const source = text('deploy/compose/anchoring.yml');
    const beside = parse(source, { merge: true }) as File;
    expect(Object.keys(beside.services).filter((name) => services[name] === undefined)).toEqual([]);
    for (const name of ['worker', 'worker-standby']) {
      const { environment = {}, secrets: given = [] } = beside.services[name] ?? {};
      expect(environment['ANCHOR_PRIVATE_KEY_FILE']).toBe(`/run/secrets/${given[0] ?? ''}`);
      expect(Object.keys(beside.secrets)).toEqual(given);
    }
    for (const [, variable = ''] of source.matchAll(/\$\{([A-Z_]+)/g)) expect(envExample).toContain(variable);
  });
});
