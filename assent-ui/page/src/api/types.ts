/** What docs/api.md promises, word for word. */

/** What stands where a secret is not sent: its kind, its characters, and those of them that cannot be seen. */
export interface Secret {
  readonly secret: string;
  readonly length: number;
  readonly unseen?: number;
  readonly hidden?: readonly string[];
}
export type Segment = { readonly text: string } | { readonly hidden: string } | Secret;
export type ShownText = readonly Segment[];

export interface Person {
  id: string;
  name: string;
}

export interface Me {
  principal: Person & { roles: string[] };
  profile: string;
  mustChangePassword: boolean;
}

export interface Agent {
  name: string;
  description: string | null;
}

export type Risk = 'LOW' | 'MEDIUM' | 'HIGH';
export type Kind = 'APPROVAL' | 'USER_INPUT' | 'EXTERNAL_EXECUTION' | 'REVIEW' | 'RECONCILIATION';
export type RequirementStatus = 'PENDING' | 'APPROVED' | 'REJECTED' | 'EXPIRED' | 'CANCELLED' | 'RESOLVED' | 'REVOKED';
export type Verdict =
  | 'APPROVE' | 'REJECT' | 'EDIT' | 'RESPOND' | 'REVOKE' | 'ASK_BACK'
  | 'ANSWER' | 'DECLINE'
  | 'TAKE' | 'RESULT' | 'FAILURE'
  | 'ACCEPT' | 'REPLACE' | 'CHANGES'
  | 'HAPPENED' | 'DID_NOT_HAPPEN' | 'GIVE_UP';
export type RunStatus = 'RUNNING' | 'PAUSED' | 'COMPLETED' | 'FAILED' | 'CANCELLED';

export interface Field {
  path: string;
  name: string;
  type: string;
  shown: ShownText;
  length?: number;
}

export interface Arguments {
  canonical: string;
  shown: ShownText;
  fields: Field[];
  /** How many secrets are hidden in it. */
  secrets: number;
}

export interface Call {
  toolCallId: string;
  tool: string;
  status: string;
  attempt: number;
  requirement: string | null;
  child: string | null;
  /** The standing permission that it runs on. */
  grant: string | null;
  digest: string | null;
  arguments: Arguments | null;
  result: ShownText | null;
  error: ShownText | null;
}

export interface Summary {
  id: string;
  kind: Kind;
  status: RequirementStatus;
  version: number;
  run: string;
  session: string;
  agent: string;
  toolCallId: string | null;
  tool: string | null;
  requester: Person | null;
  summary: ShownText;
  risk: Risk;
  createdAt: string;
  deadline: string | null;
  votes: number;
  needed: number;
  mayDecide: boolean;
  whyNot: string | null;
  whyNotCode: string | null;
  resolvedBy: Person | null;
  resolvedAt: string | null;
  /** Since when those of the latest rung of its escalation are asked, too. */
  escalatedAt?: string | null;
}

export interface Decision {
  by: Person;
  verdict: Verdict;
  version: number;
  reason: ShownText | null;
  value: ShownText | null;
  /** Something was given that nobody is shown. */
  hidden: boolean;
  at: string;
  /** Which of the reasons that the rules name. */
  reasonCode?: string | null;
  /** By which it was said, where it was not by their own authority. */
  byMandate?: UsedMandate | null;
}

export type MandateKind = 'DELEGATION' | 'OUT_OF_OFFICE' | 'BREAK_GLASS';

export interface UsedMandate {
  id: string;
  kind: MandateKind;
  giver: Person;
  ends: string;
}

export interface Activity {
  at: string;
  what: string;
  by: Person | null;
}

export type Input =
  | 'TEXT' | 'MULTILINE' | 'DATE' | 'DATE_TIME' | 'EMAIL' | 'URI' | 'INTEGER' | 'NUMBER' | 'BOOLEAN'
  | 'CHOICE' | 'CHOICES' | 'LIST' | 'GROUP' | 'JSON';

export interface FormField {
  name: string;
  label: ShownText;
  description: ShownText;
  input: Input;
  required: boolean;
  nullable: boolean;
  secret: boolean;
  /** JSON text. */
  preset: string | null;
  /** `value` is JSON text. */
  options: { value: string; shown: ShownText }[];
  minimum: string | null;
  maximum: string | null;
  fields: FormField[];
  item: FormField | null;
  schema: string;
}

export interface Form {
  style: 'TEXT' | 'CONFIRM' | 'CHOICE' | 'FIELDS';
  prompt: ShownText;
  secret: boolean;
  fields: FormField[];
  schema: string;
  fallback: ShownText | null;
}

export interface Review {
  output: ShownText;
  /** Exact: to begin a replacement with, never to be shown. */
  text: string;
  ofTheRun: boolean;
  round: number;
  rounds: number | null;
  mayAskChanges: boolean;
}

export interface EditOf {
  by: Person | null;
  proposed: Arguments;
  changes: { path: string; before: ShownText | null; after: ShownText | null }[];
}

export interface Progress {
  met: boolean;
  failed: boolean;
  groups: { who: string; approvals: number; needed: number; denials: number; failsAt: number; failed: boolean; from?: string | null }[];
}

/** What it held was destroyed; by nobody when its time was over. */
export interface Erased {
  at: string;
  by: Person | null;
}

/** A document that an approval covers by its hash. */
export interface Attachment {
  number: number;
  name: ShownText;
  mediaType: string;
  size: number;
  sha256: string;
  /** What the viewer is given of it: nothing before it is revealed to who may decide. */
  access: 'WHOLE' | 'REDACTED' | 'NONE';
}

/** What people who decide asked the agent, and what it said. */
export interface AskBack {
  rounds: {
    question: ShownText;
    by: Person;
    at: string;
    version: number;
    answer: {
      words: ShownText;
      note: ShownText | null;
      at: string;
      /** What is decided since then. */
      version: number;
      changes: EditOf['changes'] | null;
    } | null;
  }[];
  may: boolean;
  whyNot: string | null;
}

export interface Requirement extends Summary {
  erased?: Erased;
  digest: string;
  fingerprint: string;
  message: ShownText | null;
  rule: string | null;
  onExpiry: 'REJECT' | 'CANCEL_RUN' | 'KEEP' | 'FALLBACK' | null;
  approvers: string[];
  /** Every one of these must be met, each by one of its groups. */
  progress: Progress[];
  arguments: Arguments | null;
  agentsWords: ShownText | null;
  decisions: Decision[];
  call: Call | null;
  runStatus: RunStatus | null;
  reconciliation: { attempt: number; startedAt: string; effectKey: ShownText | null; why: ShownText | null } | null;
  form: Form | null;
  review: Review | null;
  external: { instructions: ShownText; takenBy: Person | null } | null;
  edit: EditOf | null;
  /** What was approved has not begun, and the person who looks may take it back. */
  mayRevoke: boolean;
  claim: { by: Person; until: string; setBy: Person } | null;
  notBefore: string | null;
  pinned: { preview: ShownText | null; attachments: Attachment[] } | null;
  /** Something is hidden that this person may be shown. */
  mayReveal: boolean;
  /** This person was shown all of this version. */
  revealed: boolean;
  activity: Activity[];
  /** Other open requests for the very same. */
  alike: { id: string; version: number; digest: string; run: string }[];
  /** Of an approval. */
  askBack: AskBack | null;
  /** For what a decider gives a reason: null nothing, no codes any text, else one of them. */
  reasons: { approve: string[] | null; reject: string[] | null } | null;
  /** By which the person who looks would decide it. */
  byMandate?: UsedMandate | null;
  /** The person who looks could decide it alone after breaking the glass. */
  mayBreakGlass?: boolean;
}

export interface Message {
  role: string;
  at: string;
  text: ShownText;
  tool: string | null;
}

export interface Run {
  id: string;
  session: string;
  agent: string;
  status: RunStatus;
  createdAt: string;
  updatedAt: string;
  requester: Person | null;
  waitsFor: string[];
  noWorker: boolean;
  output: ShownText | null;
  error: { code: string; message: ShownText } | null;
  held: { requirement: string; text: ShownText; round: number } | null;
  parent: { run: string; toolCallId: string; root: string } | null;
  erased?: Erased;
  calls?: Call[];
  messages?: Message[];
}

export interface AuditRecord {
  position: number;
  at: string;
  type: string;
  run: string | null;
  requirement: string | null;
  by: string | Person | null;
  hash: string;
  chain: string;
  record: string;
}

export interface Verification {
  intact: boolean;
  records: number;
  firstBad: number | null;
  problem: string | null;
}

export interface Page<T> {
  items: T[];
  next: string | null;
  total?: number;
  /** What belongs here and could not be read. */
  unreadable?: Unreadable[];
}

export interface Unreadable {
  id: string;
  why: string;
}

export interface Resolution {
  version: number;
  digest: string;
  verdict: Verdict;
  reason?: string;
  reasonCode?: string;
  result?: string;
  typed?: string;
  /** JSON text, so that numbers keep their digits. */
  value?: string;
  /** RFC 6902 as JSON text. */
  patch?: string;
  /** Decided in the same act, each bound by its own digest. */
  also?: { id: string; version: number; digest: string }[];
  /** JSON text: what else is allowed from now on, and the digest of the text that was shown. */
  always?: string;
}

export interface Offer {
  text: ShownText;
  digest: string;
}

export interface Grant {
  id: string;
  tool: string;
  /** Why it cannot be relied on; then nothing else is known. */
  problem: string | null;
  status: 'LIVE' | 'USED_UP' | 'EXPIRED' | 'REVOKED' | null;
  agent: string | null;
  by: Person | null;
  text: ShownText | null;
  requirement: string | null;
  createdAt: string | null;
  until: string | null;
  used: number | null;
  uses: number | null;
  /** Numbers as texts, with all their digits. */
  budget: { argument: string; most: string; spent: string; windowSeconds: number } | null;
  lastUsedAt: string | null;
  revokedBy: Person | null;
  revokedAt: string | null;
  mayRevoke: boolean;
}

export interface Mandate {
  id: string;
  /** Why it cannot be relied on; then nothing else is known. */
  problem: string | null;
  status: 'TO_COME' | 'LIVE' | 'EXPIRED' | 'REVOKED' | null;
  kind: MandateKind | null;
  giver: Person | null;
  holder: Person | null;
  /** None means all. */
  tools: string[];
  highest: Risk | null;
  requirement: string | null;
  begins: string | null;
  ends: string | null;
  reason: ShownText | null;
  givenBy: Person | null;
  givenAt: string | null;
  revokedBy: Person | null;
  revokedAt: string | null;
  mayRevoke: boolean;
}

export interface MandateWish {
  kind: MandateKind;
  giver?: string;
  to?: string;
  tools?: string[];
  highest?: Risk;
  requirement?: string;
  begins?: string;
  ends?: string;
  minutes?: number;
  reason?: string;
}

/** What goes with a verdict. */
export type More = Omit<Resolution, 'version' | 'digest' | 'verdict'>;
