import type { z } from 'zod';
import { ActionFactSchema, ActionRequestSchema, QueuedActionSchema } from './actions.js';
import { ResultSchema } from './bench/result.js';
import { BenchDefinitionsSchema } from './bench/history.js';
import { SuiteSchema } from './bench/suite.js';
import { EvalSuiteSchema } from './evals/suite.js';
import { calls } from './calls.js';
import { ProblemSchema } from './common.js';
import { DryRunRequestSchema, DryRunSchema } from './dry-run.js';
import { FactSchema, FactSchemas } from './facts.js';
import { FleetStateSchema } from './fleet.js';
import { ControlFrameSchemas, JoinSchema } from './frames.js';
import { HealthReportSchema, SystemHealthSchema } from './health.js';
import { JobFactSchema, JobsSchema, QueuedJobSchema } from './jobs.js';
import { ApiKeyInputSchema, ApiKeyPatchSchema, ApiKeysResponseSchema, CreatedApiKeySchema } from './keys.js';
import {
  AcquireLeaseSchema,
  EndLeaseSchema,
  LeaseEntrySchema,
  LeaseFactSchema,
  LeaseProofSchema,
} from './leases.js';
import { LogLinesSchema } from './logs.js';
import { CaptureSchema, DeadLetterSchema, LogLineSchema } from './messages.js';
import {
  FleetFileSchema,
  MaintenanceInputSchema,
  ProviderInputSchema,
  ProviderPatchSchema,
  ProviderSchema,
} from './provider.js';
import {
  CacheRatesSchema,
  CacheSessionsSchema,
  CacheTotalsSchema,
  CacheTurnsSchema,
  CapturedPromptSchema,
  DirectPromptSchema,
  PrefixDriftSchema,
  PrefixDriftsSchema,
} from './prompt-cache.js';
import {
  DispatchesPageSchema,
  DispatchTotalsSchema,
  ExplainRequestSchema,
  ExplainSchema,
  NewRoutePolicySchema,
  RouteChoicesSchema,
  RoutePoliciesSchema,
  RouteFactSchema,
  RoutePolicyInputSchema,
  RoutePolicySchema,
  RoutePolicyVersionsSchema,
} from './routes.js';
import { CancelRouteSchema, GatewayRoutingSchema, RoutingStateSchema } from './routing-state.js';
import {
  ErrorBodySchema,
  FavoritesResponseSchema,
  FleetResponseSchema,
  HiddenResponseSchema,
  ProvidersResponseSchema,
  ReconnectResponseSchema,
} from './rest.js';
import { ScoreSchema, ScoresSchema } from './scores.js';

const named = (prefix: string, schemas: Readonly<Record<string, z.ZodType>>): [string, z.ZodType][] =>
  Object.entries(schemas).map(([name, schema]) => [`${prefix}.${name}`, schema]);

/** Every schema that other programs, other versions of ours or stored data rely on. Its samples are in `samples/`. */
export const published: ReadonlyMap<string, z.ZodType> = new Map([
  ...named('fact', FactSchemas),
  ...Object.entries(calls).flatMap(([name, { request, reply }]) =>
    named(`call.${name}`, { request, reply } as Record<string, z.ZodType>),
  ),
  ...named('frame', { ...ControlFrameSchemas, join: JoinSchema }),
  ...named('bus', {
    fact: FactSchema,
    log_line: LogLineSchema,
    capture: CaptureSchema,
    job: JobFactSchema,
    queued_job: QueuedJobSchema,
    action: ActionFactSchema,
    queued_action: QueuedActionSchema,
    lease: LeaseFactSchema,
    route: RouteFactSchema,
    prefix_drift: PrefixDriftSchema,
    captured_prompt: CapturedPromptSchema,
    direct_prompt: DirectPromptSchema,
    gateway_routing: GatewayRoutingSchema,
    cancel_route: CancelRouteSchema,
    route_policy: RoutePolicySchema,
    score: ScoreSchema,
    lease_entry: LeaseEntrySchema,
    dead_letter: DeadLetterSchema,
    provider: ProviderSchema,
    health: HealthReportSchema,
    problem: ProblemSchema,
  }),
  ...named('rest', {
    fleet: FleetResponseSchema,
    fleet_state: FleetStateSchema,
    providers: ProvidersResponseSchema,
    provider_input: ProviderInputSchema,
    provider_patch: ProviderPatchSchema,
    favorites: FavoritesResponseSchema,
    hidden: HiddenResponseSchema,
    reconnect: ReconnectResponseSchema,
    jobs: JobsSchema,
    action_request: ActionRequestSchema,
    acquire_lease: AcquireLeaseSchema,
    lease_proof: LeaseProofSchema,
    end_lease: EndLeaseSchema,
    route_policy_input: RoutePolicyInputSchema,
    dispatches: DispatchesPageSchema,
    dispatch_totals: DispatchTotalsSchema,
    routing_state: RoutingStateSchema,
    new_route_policy: NewRoutePolicySchema,
    route_policies: RoutePoliciesSchema,
    explain_request: ExplainRequestSchema,
    explain: ExplainSchema,
    dry_run_request: DryRunRequestSchema,
    dry_run: DryRunSchema,
    route_policy_versions: RoutePolicyVersionsSchema,
    route_choices: RouteChoicesSchema,
    scores: ScoresSchema,
    cache_rates: CacheRatesSchema,
    cache_totals: CacheTotalsSchema,
    prefix_drifts: PrefixDriftsSchema,
    cache_sessions: CacheSessionsSchema,
    cache_turns: CacheTurnsSchema,
    log_lines: LogLinesSchema,
    api_key_input: ApiKeyInputSchema,
    api_key_patch: ApiKeyPatchSchema,
    api_key_created: CreatedApiKeySchema,
    api_keys: ApiKeysResponseSchema,
    maintenance_input: MaintenanceInputSchema,
    bench_definitions: BenchDefinitionsSchema,
    system_health: SystemHealthSchema,
    error: ErrorBodySchema,
  }),
  ...named('file', {
    fleet: FleetFileSchema,
    bench_result: ResultSchema,
    bench_suite: SuiteSchema,
    eval_suite: EvalSuiteSchema,
  }),
]);
