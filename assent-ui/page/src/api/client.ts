import { get, post, Raw } from './http.ts';
import type {
  Agent, AuditRecord, Grant, Mandate, MandateWish, Me, Offer, Page, Requirement, Resolution, Run, Summary, Verification,
} from './types.ts';

export type Query = Record<string, string | undefined>;

const id = encodeURIComponent;

/** Value, patch and scope go as they were written, digit for digit. */
function written({ value, patch, always, ...rest }: Resolution): Raw {
  const exact = [['value', value], ['patch', patch], ['always', always]].filter(([, text]) => text !== undefined);
  return new Raw(JSON.stringify(rest).slice(0, -1) + exact.map(([name, text]) => `,"${name}":${text}`).join('') + '}');
}

export const api = {
  me: () => get<Me>('/me'),
  login: (name: string, password: string) => post<Me>('/login', { name, password }),
  password: (current: string, replacement: string) => post<Me>('/password', { current, replacement }),
  logout: () => post<void>('/logout'),

  agents: () => get<{ items: Agent[] }>('/agents'),
  startRun: (agent: string, message: string, key: string) => post<Run>(`/agents/${id(agent)}/runs`, { message }, key),
  runs: (query: Query) => get<Page<Run>>('/runs', query),
  run: (run: string) => get<Run>(`/runs/${id(run)}`),
  say: (run: string, message: string) => post<Run>(`/runs/${id(run)}/messages`, { message }),
  cancelRun: (run: string) => post<Run>(`/runs/${id(run)}/cancel`, {}),

  requirements: (query: Query) => get<Page<Summary>>('/requirements', query),
  requirement: (requirement: string) => get<Requirement>(`/requirements/${id(requirement)}`),
  reveal: (requirement: string) => post<Requirement>(`/requirements/${id(requirement)}/reveal`, {}),
  resolve: (requirement: string, body: Resolution, key: string) =>
    post<Requirement>(`/requirements/${id(requirement)}/resolution`, written(body), key),

  claim: (requirement: string) => post<Requirement>(`/requirements/${id(requirement)}/claim`, {}),
  release: (requirement: string) => post<Requirement>(`/requirements/${id(requirement)}/release`, {}),

  /** `scope` is JSON text. */
  offer: (requirement: string, scope: string) =>
    post<Offer>(`/requirements/${id(requirement)}/grant-offer`, new Raw(`{"scope":${scope}}`)),
  grants: (query: Query) => get<Page<Grant>>('/grants', query),
  revoke: (grant: string) => post<Grant>(`/grants/${id(grant)}/revoke`, {}),

  mandates: (query: Query) => get<Page<Mandate>>('/mandates', query),
  giveMandate: (wish: MandateWish) => post<Mandate>('/mandates', wish),
  revokeMandate: (mandate: string) => post<Mandate>(`/mandates/${id(mandate)}/revoke`, {}),

  audit: (query: Query) => get<Page<AuditRecord>>('/audit', query),
  verify: () => get<Verification>('/audit/verify'),
};
