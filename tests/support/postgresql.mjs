// A PostgreSQL server of one's own on a UNIX socket in a temporary folder, for tests outside of the C++
// tree. Nothing of it is left at the end.

import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const programs = ['/usr/lib/postgresql/15/bin', '/usr/lib/postgresql/16/bin', '/usr/lib/postgresql/17/bin']
  .find((folder) => existsSync(join(folder, 'initdb')));

const isRoot = process.getuid?.() === 0;

export class PostgresqlCluster {
  static create() {
    if (!programs) throw new Error('this test needs a PostgreSQL server: apt-get install postgresql-15, or run scripts/setup');
    const cluster = new PostgresqlCluster();
    cluster.folder = mkdtempSync(join(tmpdir(), 'passmint-pg-'));
    chmodSync(cluster.folder, 0o755);
    if (isRoot) {
      // PostgreSQL refuses to run as root.
      const [user, group] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout));
      chownSync(cluster.folder, user, group);
    }
    cluster.run('initdb', ['-D', cluster.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N']);
    cluster.start();
    return cluster;
  }

  get data() { return join(this.folder, 'data'); }

  /** Runs one of the server's programs to its end. */
  run(program, args) {
    const [command, ...before] = isRoot ? ['runuser', '-u', 'postgres', '--', join(programs, program)] : [join(programs, program)];
    // No pipes: the server would inherit and hold them.
    const quiet = program === 'pg_ctl';
    const done = spawnSync(command, [...before, ...args], {
      cwd: '/', encoding: 'utf8', timeout: 60_000, stdio: quiet ? 'ignore' : ['ignore', 'pipe', 'pipe'],
    });
    if (done.error) throw done.error;
    if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}\n${done.stdout ?? ''}${done.stderr ?? ''}`);
    return done.stdout ?? '';
  }

  start() {
    this.run('pg_ctl', ['-D', this.data, '-l', join(this.folder, 'log'), '-w', '-s', '-o',
      `-c listen_addresses='' -c unix_socket_directories=${this.folder} -c max_connections=200`, 'start']);
  }

  /** @param {'immediate'|'fast'} mode immediate: as if the machine had lost power */
  stop(mode = 'immediate') {
    this.run('pg_ctl', ['-D', this.data, '-w', '-s', '-m', mode, 'stop']);
  }

  /** What a statement prints, columns separated by |. */
  sql(statement, database = 'postgres') {
    return this.run('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-U', 'postgres', '-h', this.folder, '-d', database, '-c', statement]).trimEnd();
  }

  /** The URL of a new, empty database. */
  makeDatabase(name) {
    this.sql(`CREATE DATABASE ${name}`);
    return this.url(name);
  }

  url(name) { return `postgresql:///${name}?host=${this.folder}&user=postgres`; }

  remove() {
    try { this.stop(); } catch { /* it was stopped by the test */ }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
