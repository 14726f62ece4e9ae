import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, freePort } from '@abland/testing';

const SOURCES = fileURLToPath(new URL('../../../../deploy/nginx/', import.meta.url));
/** Debian has it in a folder that is not on every PATH. */
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };

/** The real NGINX with the configuration that is deployed, but for its places on this machine. */
export class NginxUnderTest {
  /** Whose word for a client's address is taken, as that of a CDN. */
  static readonly CDN = '127.0.0.8';

  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    readonly port: number,
    readonly plainPort: number,
    /** Of its certificate, which it signed itself. */
    readonly certificate: string,
  ) {}

  /** Its access log so far. */
  get output(): string {
    return readFileSync(join(this.folder, 'access.log'), 'utf8');
  }

  /** @param apis ports of them on this machine */
  static async before(apis: readonly number[]): Promise<NginxUnderTest> {
    const folder = mkdtempSync(join(tmpdir(), 'abland-nginx-'));
    const [port, plainPort] = [await freePort(), await freePort()];
    for (const name of ['cache', 'secrets', 'tmp']) {
      mkdirSync(join(folder, name));
      chmodSync(join(folder, name), 0o777);
    }
    chmodSync(folder, 0o755);
    const [certificateFile, keyFile] = [
      join(folder, 'secrets/tls_certificate'),
      join(folder, 'secrets/tls_key'),
    ];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost',
        '-keyout',
        keyFile,
        '-out',
        certificateFile,
      ],
      { stdio: 'ignore' },
    );
    const here = (text: string): string =>
      text
        .replaceAll('/etc/nginx/abland', folder)
        .replaceAll('/run/secrets', join(folder, 'secrets'))
        .replaceAll('/var/cache/nginx', join(folder, 'cache'))
        // What a program of ours reads of a child is no file that could be opened.
        .replaceAll('/dev/stdout', join(folder, 'access.log'))
        .replaceAll('/dev/stderr', join(folder, 'error.log'))
        .replaceAll('/tmp/nginx', join(folder, 'tmp/nginx'))
        .replace('listen 8080;', `listen 127.0.0.1:${plainPort};`)
        .replace('listen 8443 ssl http2;', `listen 127.0.0.1:${port} ssl http2;`);
    cpSync(SOURCES, folder, { recursive: true });
    for (const name of readdirSync(SOURCES).filter((file) => file.endsWith('.conf')))
      writeFileSync(join(folder, name), here(readFileSync(join(SOURCES, name), 'utf8')));
    const servers = ['api-1', 'api-2'].map(
      (name, index) => [`${name}:4000`, `127.0.0.1:${apis[index] ?? apis[0]}`] as const,
    );
    let upstream = readFileSync(join(folder, 'upstream.conf'), 'utf8');
    for (const [name, address] of servers) upstream = upstream.replace(name, address);
    writeFileSync(join(folder, 'upstream.conf'), upstream);
    writeFileSync(
      join(folder, 'real-ip.conf'),
      `set_real_ip_from ${NginxUnderTest.CDN}; real_ip_header X-Forwarded-For;\n`,
    );
    const args = ['-p', folder, '-c', join(folder, 'nginx.conf')];
    execFileSync('nginx', ['-t', ...args], { env, stdio: 'pipe' });
    const child = spawn('nginx', [...args, '-g', 'daemon off;'], { env, stdio: 'ignore' });
    const nginx = new NginxUnderTest(folder, child, port, plainPort, readFileSync(certificateFile, 'utf8'));
    await eventually(() => nginx.listens());
    return nginx;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'close');
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async listens(): Promise<void> {
    if (this.child.exitCode !== null) throw new Error(`NGINX ended (${this.child.exitCode})`);
    const socket = connect(this.port, '127.0.0.1');
    await once(socket, 'connect').finally(() => socket.destroy());
  }
}
