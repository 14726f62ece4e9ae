// Makes what docker-compose.yml reads as secrets, each a file: `node deploy/compose/secrets.mjs [folder]`. What is there is kept. The certificate is
// one that no browser trusts, and the relayer an account of development chains: replace those two where others are to use the system.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('secrets/', import.meta.url)));
const file = (name) => join(folder, name);
const password = () => randomBytes(24).toString('base64url');
const key = () => randomBytes(32).toString('base64');

/** The third of the well-known development accounts: funded on every development chain, refused with NODE_ENV=production. */
const DEVELOPMENT_RELAYER = '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a';

/** Files that belong together: all of them are made, or none. */
const made = [];
function make(contents) {
  const names = Object.keys(contents());
  const there = names.filter((name) => existsSync(file(name)));
  if (there.length === names.length) return;
  if (there.length > 0)
    throw new Error(
      `${there.join(', ')} of ${names.join(', ')} is there alone: delete it, or put the others back`,
    );
  for (const [name, text] of Object.entries(contents())) {
    // Of a user that the container's program is not: the folder above keeps others out.
    writeFileSync(file(name), `${text}\n`, { mode: 0o644 });
    made.push(name);
  }
}

// A folder that is there is somebody's: it stays as it is.
mkdirSync(folder, { recursive: true, mode: 0o700 });
make(() => {
  const [postgres, replication] = [password(), password()];
  return {
    postgres_password: postgres,
    replication_password: replication,
    database_url: `postgres://abland:${postgres}@postgres:5432/abland`,
    database_read_url: `postgres://abland:${postgres}@postgres-replica:5432/abland`,
  };
});
make(() => {
  const redis = password();
  return { redis_url: `redis://:${redis}@redis:6379/0`, redis_configuration: `requirepass ${redis}` };
});
make(() => ({ jwt_secret: password() + password() }));
make(() => ({ personal_data_key: key() }));
make(() => ({ log_signing_key: key() }));
make(() => ({ grafana_password: password() }));
make(() => ({ relayer_private_keys: DEVELOPMENT_RELAYER }));
if (!existsSync(file('tls_key'))) {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,DNS:nginx'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '365'];
  execFileSync(
    'openssl',
    ['req', '-x509', ...curve, ...subject, '-keyout', file('tls_key'), '-out', file('tls_certificate')],
    { stdio: 'ignore' },
  );
  for (const name of ['tls_key', 'tls_certificate']) chmodSync(file(name), 0o644);
  made.push('tls_key', 'tls_certificate');
}
process.stdout.write(
  made.length === 0 ? `${folder} has all of them\n` : `${folder}: made ${made.join(', ')}\n`,
);
