import type { Provider } from '@boocontrol/contracts';
import type { EntityManager } from 'typeorm';
import { jsonRows } from '@boocontrol/platform';
import type { BucketPosition } from './bucket-position.js';

const UPSERT = `
  INSERT INTO fleet.hosts (
    provider_id, kind, base_url, label, os, gpu_label, ssh_host, ssh_user, ssh_key_path, config_path, restart_cmd,
    enabled, tags, api_key_env, origin, config, removed_at)
  SELECT
    c->>'id', c->>'kind', c->>'baseUrl', c->>'label', c->>'os', c->>'gpuLabel', c->>'sshHost', c->>'sshUser',
    c->>'sshKeyPath', c->>'configPath', c->>'restartCmd', (c->>'enabled')::boolean,
    ARRAY(SELECT jsonb_array_elements_text(c->'tags')), c->>'apiKeyEnv', c->>'origin', c, NULL
  FROM jsonb_array_elements($1::jsonb) AS c
  ON CONFLICT (provider_id) DO UPDATE SET
    kind = EXCLUDED.kind, base_url = EXCLUDED.base_url, label = EXCLUDED.label, os = EXCLUDED.os,
    gpu_label = EXCLUDED.gpu_label, ssh_host = EXCLUDED.ssh_host, ssh_user = EXCLUDED.ssh_user,
    ssh_key_path = EXCLUDED.ssh_key_path, config_path = EXCLUDED.config_path, restart_cmd = EXCLUDED.restart_cmd,
    enabled = EXCLUDED.enabled, tags = EXCLUDED.tags, api_key_env = EXCLUDED.api_key_env, origin = EXCLUDED.origin,
    config = EXCLUDED.config, removed_at = NULL`;

const MARK_REMOVED = `
  UPDATE fleet.hosts SET removed_at = now() WHERE removed_at IS NULL AND NOT provider_id = ANY($1::text[])`;

const LIVE = `SELECT provider_id AS id, config FROM fleet.hosts WHERE removed_at IS NULL ORDER BY provider_id`;

const READ_POSITION = `SELECT created, revision::float8 AS revision FROM fleet.providers_bucket`;
const WRITE_POSITION = `
  INSERT INTO fleet.providers_bucket (created, revision) VALUES ($1, $2)
  ON CONFLICT (is_only) DO UPDATE SET created = EXCLUDED.created, revision = EXCLUDED.revision`;

export async function upsertHosts(tx: EntityManager, providers: readonly Provider[]): Promise<void> {
  if (providers.length > 0) await tx.query(UPSERT, [jsonRows(providers)]);
}

/** Hosts not among these keep their history and are marked as removed. */
export async function markRemovedExcept(tx: EntityManager, presentIds: readonly string[]): Promise<void> {
  await tx.query(MARK_REMOVED, [presentIds]);
}

/** The configurations of hosts that are not removed, as they stood in the bucket. */
export function liveHosts(tx: EntityManager): Promise<{ id: string; config: unknown }[]> {
  return tx.query(LIVE);
}

/** How far fleet.hosts mirrors which bucket; null before the first time. */
export async function readPosition(tx: EntityManager): Promise<BucketPosition | null> {
  const [row] = await tx.query<BucketPosition[]>(READ_POSITION);
  return row ?? null;
}

export async function writePosition(tx: EntityManager, { created, revision }: BucketPosition): Promise<void> {
  await tx.query(WRITE_POSITION, [created, revision]);
}
